"""The Worker host as a process of ours: started, restarted when it dies, and told everything again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from localcloud.child import Child, Part
from localcloud.cloudflare.host import (
    Deployed,
    HostRefusedError,
    HostUnreachableError,
    Started,
    StorageRefusedError,
)
from localcloud.paths import private_folder
from localcloud.unix_http import call

MAIN = Path(__file__).parent / "host" / "main.mjs"
# The host gives a script's top level one second of CPU time; the rest is loading Pyodide on a busy machine.
_STARTS_WITHIN = 60.0
# A query may take 30 s on D1, and one before it as long.
_STORES_WITHIN = 65.0
# Fixed, or glibc raises it as soon as a snapshot's 25 MB are freed, and keeps all that is freed later (40 MB of RSS).
_ENVIRONMENT = ("env", "MALLOC_MMAP_THRESHOLD_=131072")


class NodeHost:
    """The adapter to `host/main.mjs`; implements `WorkerHost` and `Storage`."""

    def __init__(
        self,
        node: Path,
        *,
        port: int,
        api_socket: Path,
        socket: Path,
        data: Path,
        logs: Path,
        packages: Path | None = None,
    ) -> None:
        """`packages` is a folder from which npm packages are found, if not from here."""
        self._socket = socket
        private_folder(data)
        options = {"--api-socket": api_socket, "--host-socket": socket, "--data": data, "--logs": logs}
        if packages:
            options["--pyodide-root"] = packages
        arguments = tuple(str(word) for option in options.items() for word in option)
        part = Part("worker-host", port, (*_ENVIRONMENT, str(node), str(MAIN)), arguments)
        self._child = Child(part, logs, self._changed)
        self._served_by: int | None = None
        self._restored: Callable[[], Awaitable[None]] | None = None
        self._restoring: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return self._child.port

    @property
    def state(self) -> str:
        return self._child.state

    @property
    def reason(self) -> str:
        return self._child.reason

    async def start(self) -> None:
        """Raises StartError, with PortInUse among its codes."""
        await self._child.start()

    async def watch(self, restarted: Callable[[], Awaitable[None]]) -> None:
        """Restarts the process for as long as it dies, and calls `restarted` each time; ends by cancellation only."""
        self._restored = restarted
        await self._child.watch()

    async def stop(self) -> None:
        if self._restoring:
            self._restoring.cancel()
        await self._child.stop()

    async def put(self, script: Deployed) -> Started:
        body = asdict(script) | {"folder": str(script.folder)}
        del body["name"]
        answer = await self._call("PUT", f"/scripts/{quote(script.name)}", body, _STARTS_WITHIN)
        return Started(round(answer["startup_time_ms"]), tuple(answer["handlers"]))

    async def delete(self, name: str) -> None:
        await self._call("DELETE", f"/scripts/{quote(name)}")

    async def address(self, subdomain: Mapping[str, bool], routes: Sequence[Mapping[str, str | None]]) -> None:
        await self._call("PUT", "/addresses", {"subdomain": subdomain, "routes": routes})

    async def status(self) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = await self._call("GET", "/status", within=1.5)
        return answer

    async def invocations(self) -> Sequence[Mapping[str, Any]]:
        """What became of requests since the last call; once told, the host has forgotten it."""
        seconds: Sequence[Mapping[str, Any]] = (await self._call("POST", "/invocations"))["seconds"]
        return seconds

    async def store(self, service: Literal["d1", "kv"], identity: str, operation: str, argument: object = None) -> Any:
        body = {"service": service, "id": identity, "operation": operation, "argument": argument}
        return (await self._call("POST", "/storage", body, _STORES_WITHIN))["result"]

    async def _call(self, method: str, path: str, body: object = None, within: float = 10.0) -> Any:
        try:
            status, answer = await call(self._socket, method, path, body, within=within)
        except (OSError, TimeoutError) as error:
            raise HostUnreachableError(str(error) or f"no answer within {within:.0f} s") from error
        if status == 409:
            raise StorageRefusedError(str(answer["kind"]), str(answer["message"]), int(answer["status"]))
        if status != 200:
            raise HostRefusedError(int(answer["code"]), str(answer["message"]))
        return answer

    def _changed(self) -> None:
        child = self._child
        if child.state == "serving" and child.pid != self._served_by:
            self._served_by = child.pid
            if self._restored:
                self._restoring = asyncio.ensure_future(self._restored())
