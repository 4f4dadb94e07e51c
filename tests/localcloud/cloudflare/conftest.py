"""The v4 API over HTTP, with a Worker host in memory; `real_cloudflare` is the whole process with the real one."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cloudflare import AsyncCloudflare

from localcloud.cloudflare.accounts import urls as account_urls
from localcloud.cloudflare.addresses import Addresses
from localcloud.cloudflare.ai import urls as ai_urls
from localcloud.cloudflare.ai.models import TextGeneration
from localcloud.cloudflare.ai.responses import AiResponses
from localcloud.cloudflare.database import open_database
from localcloud.cloudflare.host import Deployed, HostRefusedError, HostUnreachableError, Started
from localcloud.cloudflare.service import V4Api
from localcloud.cloudflare.vault import open_vault
from localcloud.cloudflare.workers import urls as worker_urls
from localcloud.cloudflare.workers.models import Scripts
from localcloud.cloudflare.workers.modules import ModuleFiles
from localcloud.cloudflare.workers.records import ScriptTable
from localcloud.cloudflare.workers.responses import ScriptResponses
from localcloud.cloudflare.workers.secrets import Secrets
from localcloud.cloudflare.workers.targets import Targets
from localcloud.cloudflare.zones import urls as zone_urls
from localcloud.cloudflare.zones.models import Zones
from localcloud.cloudflare.zones.responses import ZoneResponses
from localcloud.guard import Guard
from localcloud.http import Limits, Request, Response, serve
from localcloud.model import CurrentModel
from tests.localcloud.cloudflare.process import Process, find_host_node

ACCOUNT = "00000000000000000000000000000001"
DATABASE = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class MemoryHost:
    """A `WorkerHost` that remembers what it was told. `refuses` is what it says to the next upload."""

    scripts: dict[str, Deployed] = field(default_factory=dict)
    sources: dict[str, bytes] = field(default_factory=dict)
    subdomain: Mapping[str, bool] = field(default_factory=dict)
    routes: Sequence[Mapping[str, str | None]] = ()
    refuses: str = ""
    unreachable: bool = False

    async def put(self, script: Deployed) -> Started:
        if self.unreachable:
            raise HostUnreachableError("connection refused")
        if self.refuses:
            raise HostRefusedError(10021, self.refuses)
        await asyncio.sleep(0)
        self.scripts[script.name] = script
        self.sources[script.name] = (script.folder / "modules" / script.main_module).read_bytes()
        return Started(12, ("fetch",))

    async def delete(self, name: str) -> None:
        self.scripts.pop(name, None)

    async def address(self, subdomain: Mapping[str, bool], routes: Sequence[Mapping[str, str | None]]) -> None:
        self.subdomain, self.routes = subdomain, routes

    async def status(self) -> Mapping[str, Any]:
        return {"scripts": {}}


@dataclass
class Api:
    """The API on a port, and what stands behind it."""

    host: MemoryHost
    scripts: Scripts
    files: Path
    port: int
    client: AsyncCloudflare


class Data:
    """The data folder of one test; `open` as often as a process would start on it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self._stack = stack

    def open(self, host: MemoryHost) -> tuple[Scripts, Zones]:
        database = open_database(self.folder / "v4.sqlite")
        self._stack.callback(database.close)
        addresses = Addresses(database, host)
        files = ModuleFiles(self.folder / "workers")
        vault, targets = open_vault(self.folder / "secrets.key"), Targets(has_database=lambda uuid: uuid == DATABASE)
        scripts = Scripts(ScriptTable(database), files, host, addresses, vault=vault, targets=targets)
        return scripts, Zones(database, addresses)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Data]:
    with ExitStack() as stack:
        yield Data(tmp_path, stack)


@pytest.fixture
async def api(data: Data) -> AsyncIterator[Api]:
    host = MemoryHost()
    scripts, zones = data.open(host)
    routes = (
        *account_urls.routes(),
        *ai_urls.routes(AiResponses(TextGeneration(CurrentModel(data.folder / "model.json")))),
        *worker_urls.routes(ScriptResponses(scripts, Secrets(scripts))),
        *zone_urls.routes(ZoneResponses(zones)),
    )
    handlers: list[V4Api] = []

    async def handle(request: Request) -> Response:
        return await handlers[0](request)

    server = await serve(handle, limits=Limits(body_bytes=100 << 20))
    handlers.append(V4Api(routes, Guard(server.port)))
    base_url = f"http://127.0.0.1:{server.port}/client/v4"
    async with AsyncCloudflare(base_url=base_url, api_token="any", max_retries=0) as client:
        yield Api(host, scripts, data.folder / "workers", server.port, client)
    await server.close(0)


@pytest.fixture
def memory_host() -> type[MemoryHost]:
    return MemoryHost


@pytest.fixture
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The whole, for a test that ends it."""
    running = Process(tmp_path_factory.mktemp("cf"), find_host_node())
    yield running
    running.close()


@pytest.fixture(scope="module")
def real_cloudflare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The whole, for all tests of a module."""
    running = Process(tmp_path_factory.mktemp("cf"), find_host_node())
    yield running
    running.close()
