"""`python -m localcloud.cloudflare`: owns the data, answers /client/v4 on a private socket, runs the Worker host.

The host has the port and hands /client/v4 to the socket unchanged, so that the guard sees the headers as sent.
"""

import argparse
import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from localcloud.child import StartError
from localcloud.cloudflare.accounts import urls as account_urls
from localcloud.cloudflare.addresses import Addresses
from localcloud.cloudflare.ai import urls as ai_urls
from localcloud.cloudflare.ai.models import TextGeneration
from localcloud.cloudflare.ai.responses import BINDING, AiResponses
from localcloud.cloudflare.analytics import urls as analytics_urls
from localcloud.cloudflare.analytics.models import Analytics
from localcloud.cloudflare.analytics.records import InvocationTable
from localcloud.cloudflare.analytics.responses import AnalyticsResponses
from localcloud.cloudflare.d1 import urls as d1_urls
from localcloud.cloudflare.d1.models import Databases
from localcloud.cloudflare.d1.responses import D1Responses
from localcloud.cloudflare.database import open_database
from localcloud.cloudflare.host import HostRefusedError, HostUnreachableError
from localcloud.cloudflare.kv import urls as kv_urls
from localcloud.cloudflare.kv.models import Namespaces
from localcloud.cloudflare.kv.responses import KvResponses
from localcloud.cloudflare.node import find_node
from localcloud.cloudflare.node_host import NodeHost
from localcloud.cloudflare.process import end_of_life, tell
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
from localcloud.http import Limits, Request, Response, json_response, serve
from localcloud.model import CurrentModel
from localcloud.paths import private_folder

# The largest Worker is 64 MiB; a multipart body adds a little to each of its modules.
_BODY_BYTES = 100 << 20
# What a host that dies has told nobody is lost.
_COLLECT_SECONDS = 5.0
# Of the three that the whole end may take.
_LAST_COLLECT_SECONDS = 0.5


class Cloudflare:
    """The parts, put together. `run` returns when the process shall end."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._refused: dict[str, str] = {}
        self._restored = False

    async def run(self) -> None:
        """Raises StartError."""
        options = self._options
        ended = end_of_life()
        node = await find_node(options.node)
        api_socket = options.control.with_name(f"{options.control.stem}-api.sock")
        self._host = NodeHost(
            node,
            port=options.port,
            api_socket=api_socket,
            socket=options.control.with_name(f"{options.control.stem}-host.sock"),
            data=options.data / "host",
            logs=options.logs,
            packages=options.npm_packages,
        )
        vault = open_vault(private_folder(options.data) / "secrets.key")
        database = open_database(options.data / "v4.sqlite")
        storage = options.data / "host" / "storage"
        databases = Databases(database, self._host, storage / "d1")
        namespaces = Namespaces(database, self._host, storage / "kv")
        databases.sweep()
        namespaces.sweep()
        addresses = Addresses(database, self._host)
        files = ModuleFiles(private_folder(options.data / "workers"))
        targets = Targets(has_database=databases.has, has_namespace=namespaces.has)
        table = ScriptTable(database)
        self._scripts = Scripts(table, files, self._host, addresses, vault=vault, targets=targets)
        self._scripts.sweep()
        await self._host.start()
        try:
            analytics = Analytics(InvocationTable(database), self._host)
            ai = AiResponses(TextGeneration(CurrentModel(options.model)))
            routes = (
                *account_urls.routes(),
                *ai_urls.routes(ai),
                *analytics_urls.routes(AnalyticsResponses(analytics)),
                *d1_urls.routes(D1Responses(databases)),
                *kv_urls.routes(KvResponses(namespaces)),
                *worker_urls.routes(ScriptResponses(self._scripts, Secrets(self._scripts))),
                *zone_urls.routes(ZoneResponses(Zones(database, addresses))),
            )
            api = V4Api(routes, Guard(self._host.port))

            async def private(request: Request) -> Response:
                return await (ai.bound(request) if request.path == BINDING else api(request))

            servers = [
                await serve(private, socket_path=str(api_socket), limits=Limits(body_bytes=_BODY_BYTES)),
                await serve(self._control, socket_path=str(options.control)),
            ]
            await self._restore()
            tell("ready", port=self._host.port)
            collecting = asyncio.create_task(_collect(analytics))
            watching = asyncio.create_task(self._host.watch(self._restore))
            waiting = asyncio.create_task(ended.wait())
            done, _ = await asyncio.wait((watching, waiting), return_when=asyncio.FIRST_COMPLETED)
            watching.cancel()
            collecting.cancel()
            if watching in done:
                await watching
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(analytics.collect(), _LAST_COLLECT_SECONDS)
            # The front door first: nothing new comes in, and no answer is cut off by the API's end.
            await self._host.stop()
            for server in servers:
                await server.close()
        finally:
            await self._host.stop()
            database.close()

    async def _restore(self) -> None:
        self._restored = False
        self._refused = await self._scripts.restore()
        self._restored = True

    async def _control(self, request: Request) -> Response:
        if (request.method, request.path) != ("GET", "/status"):
            return json_response(404, {"code": "NotFound", "message": "this socket answers GET /status"})
        parts: list[dict[str, Any]] = [await self._host_status()]
        parts += await self._worker_status()
        return json_response(200, {"healthy": all(part.pop("healthy") for part in parts), "parts": parts})

    async def _host_status(self) -> dict[str, Any]:
        state = self._host.state if self._restored or self._host.state != "serving" else "restoring"
        return {
            "name": "worker host",
            "state": state,
            "detail": self._host.reason,
            "healthy": state == "serving",
        }

    async def _worker_status(self) -> list[dict[str, Any]]:
        try:
            running = (await self._host.status())["scripts"]
        except (HostUnreachableError, HostRefusedError) as error:
            running, reason = {}, f"the Worker host does not answer: {error}"
        else:
            reason = "the Worker host has not been told of it yet"
        workers = []
        for script in self._scripts.all():
            found = running.get(script.name)
            serving = found is not None and script.name not in self._refused
            detail = f"isolates: {found['isolates']}" if found else self._refused.get(script.name, reason)
            state = "serving" if serving else "failing"
            workers.append(
                {"kind": "worker", "name": script.name, "state": state, "detail": detail, "healthy": serving}
            )
        return workers


async def _collect(analytics: Analytics) -> None:
    while True:
        await asyncio.sleep(_COLLECT_SECONDS)
        await analytics.collect()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m localcloud.cloudflare")
    parser.add_argument("--port", type=int, default=4567)
    parser.add_argument("--node", type=Path)
    parser.add_argument(
        "--npm-packages",
        type=Path,
        default=os.environ.get("PARALLAX_NPM_PACKAGES"),
        help="a folder from which npm packages are found (default: the repository, or PARALLAX_NPM_PACKAGES)",
    )
    parser.add_argument("--model", type=Path, help="the file that says how the text model behaves")
    for name in ("--data", "--logs", "--control"):
        parser.add_argument(name, type=Path, required=True)
    options = parser.parse_args(arguments)
    os.umask(0o077)
    try:
        asyncio.run(Cloudflare(options).run())
    except StartError as error:
        tell("failed", code=error.code, message=error.message)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
