"""A real front door on a free port, in a thread of its own, with a function that answers what the test says."""

import asyncio
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from localcloud.aws.access import Access
from localcloud.aws.access.trail import Trail
from localcloud.aws.apigatewayv2.dataplane import DataPlane
from localcloud.aws.apigatewayv2.service import ApiGatewayV2Service
from localcloud.aws.bedrock.control import BedrockService
from localcloud.aws.bedrock.runtime import BedrockRuntimeService
from localcloud.aws.engine import Engine
from localcloud.aws.frontdoor import HOST_SUFFIX, FrontDoor
from localcloud.aws.kms.service import KmsService
from localcloud.aws.logs.service import LogsService
from localcloud.aws.logs.store import LogStore
from localcloud.aws.ports import InvokeResult
from localcloud.aws.protocol import ServiceApi
from localcloud.aws.secretsmanager.service import SecretsManagerService
from localcloud.guard import Guard
from localcloud.http import Request, Response, serve
from localcloud.model import CurrentModel
from localcloud.model.settings import ModelSettings, save
from tests.localcloud.aws.process import Process

ACCOUNT = "123456789012"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:echo"


@dataclass
class Function:
    """The other end of the port FunctionInvoker."""

    answer: bytes = b'{"statusCode": 200, "body": "ok"}'
    outcome: Any = "success"
    permitted: bool = True
    delay: float = 0.0
    events: list[bytes] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    async def invoke(self, function_arn: str, payload: bytes, *, trace_id: str | None = None) -> InvokeResult:
        self.events.append(payload)
        await asyncio.sleep(self.delay)
        return InvokeResult(self.answer, self.outcome, "1")

    def permits(self, function_arn: str, principal: str, source_arn: str) -> bool:
        self.sources.append(source_arn)
        return self.permitted


@dataclass
class Cloud:
    """The running front door."""

    port: int
    function: Function
    logs: LogStore
    data: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, service: str, region: str = "us-east-1") -> Any:
        config = Config(retries={"total_max_attempts": 1})
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, region_name=region, endpoint_url=self.url, config=config, **keys)

    def tell_model(self, **settings: Any) -> None:
        """As `python -m localcloud model` does."""
        save(self.data / "model.json", ModelSettings(**settings))


def _run(data: Path, function: Function, started: Callable[[Cloud, Callable[[], object]], None]) -> None:
    async def main() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        logs = LogStore(data / "logs.sqlite3", data / "functions.log")
        engine = Engine(data, ACCOUNT)
        engine.start()
        access = Access(engine, Trail(data / "access.jsonl"), ACCOUNT)
        plane = DataPlane(function, logs)
        apis = ApiGatewayV2Service(data, plane, logs, ACCOUNT)
        door: list[FrontDoor] = []

        async def handle(request: Request) -> Response:
            return await door[0].handle(request)

        server = await serve(handle)
        model = BedrockRuntimeService(CurrentModel(data / "model.json"))
        keys = KmsService(data / "kms", ACCOUNT)
        secrets = SecretsManagerService(data / "secretsmanager.sqlite3", keys, access, ACCOUNT)
        ours = (apis, LogsService(logs), BedrockService(), model, keys, secrets)
        services = {service.name: ServiceApi(service, gate=access) for service in ours}
        guard = Guard(server.port, (HOST_SUFFIX,))
        door.append(
            FrontDoor(guard=guard, data_plane=plane, apis=services, engine=engine, access=access, account=ACCOUNT)
        )
        started(Cloud(server.port, function, logs, data), lambda: loop.call_soon_threadsafe(stop.set))
        await stop.wait()
        await server.close(0.5)
        await engine.ready()
        await engine.close()
        apis.close()
        secrets.close()
        keys.close()
        logs.close()

    asyncio.run(main())


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Cloud]]:
    """Starts (again) on the same data."""
    stops: list[Callable[[], object]] = []
    threads: list[threading.Thread] = []

    def end() -> None:
        while stops:
            stops.pop()()
            threads.pop().join(20)

    def begin() -> Cloud:
        end()
        ready, found = threading.Event(), list[Cloud]()

        def started(cloud: Cloud, stop: Callable[[], object]) -> None:
            found.append(cloud)
            stops.append(stop)
            ready.set()

        thread = threading.Thread(target=_run, args=(tmp_path, Function(), started), daemon=True)
        thread.start()
        threads.append(thread)
        assert ready.wait(20)
        return found[0]

    yield begin
    end()


@pytest.fixture
def cloud(start: Callable[[], Cloud]) -> Cloud:
    return start()


@pytest.fixture
def process() -> Iterator[Process]:
    with tempfile.TemporaryDirectory(prefix="px") as folder:  # short: a socket's path has 104 bytes at most
        found = Process(Path(folder))
        try:
            yield found
        finally:
            found.end(kill=True)
