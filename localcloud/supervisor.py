"""Starts, watches and stops the parts of the local cloud. Holds no data, serves nobody but `status`."""

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from localcloud import port as ports
from localcloud.child import Child, Part, StartError
from localcloud.http import Request, Response, serve
from localcloud.http.message import json_response
from localcloud.paths import Folders, private_folder
from localcloud.running import ProcessId, Running, RunningPart, end_processes, last_run
from localcloud.unix_http import call

CHILD_ANSWERS_WITHIN = 2.0
# What a killed supervisor's children take to notice, by their contract, and a little more.
ORPHANS_END_WITHIN = 4.0


class AlreadyRunningError(Exception):
    """Another supervisor holds the data folder."""

    code = "AlreadyRunning"


class Supervisor:
    """The parts of one data folder. `settings` are kept in the run file, for `reset` and `env`."""

    def __init__(self, folders: Folders, parts: Sequence[Part], settings: dict[str, Any]) -> None:
        self._folders = folders
        self._parts = parts
        self._settings = settings
        self._children: list[Child] = []

    async def run(self, ready: Callable[[], None]) -> None:
        """Runs the parts until SIGTERM, SIGINT or SIGHUP; calls `ready` once when all serve.

        Raises AlreadyRunningError, or StartError with nothing left running.
        """
        self._folders.create()
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        with _lock(self._folders):
            try:
                await asyncio.to_thread(self._end_orphans)
                self._check_ports()
                await self._run(ready, stopped)
            finally:
                self._folders.run_file.unlink(missing_ok=True)
                shutil.rmtree(self._folders.sockets, ignore_errors=True)

    async def _run(self, ready: Callable[[], None], stopped: asyncio.Event) -> None:
        self._children = [Child(part, self._folders.logs, self._record) for part in self._parts]
        self._record()
        server = await serve(self._handle, socket_path=str(self._folders.supervisor_socket))
        stopping: asyncio.Future[Any] = asyncio.create_task(stopped.wait())
        starting = asyncio.gather(*(child.start() for child in self._children))
        watchers: list[asyncio.Task[None]] = []
        try:
            await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not stopped.is_set():
                await self._all_serve(starting)
                ready()
                watchers = [asyncio.create_task(child.watch()) for child in self._children]
                # A watcher ends by a fault of its own only: then all ends, loudly, rather than half of it silently.
                done, _ = await asyncio.wait((stopping, *watchers), return_when=asyncio.FIRST_COMPLETED)
                for task in done - {stopping}:
                    await task
        finally:
            for task in (starting, stopping, *watchers):
                task.cancel()
            await asyncio.gather(starting, stopping, *watchers, return_exceptions=True)
            await asyncio.gather(*(child.stop() for child in self._children))
            await server.close()

    async def _all_serve(self, starting: asyncio.Future[Any]) -> None:
        try:
            await starting
        except StartError as error:
            if error.code == "PortInUse":
                # Taken since we looked; the child knows only that, and we know whom to ask.
                raise port_in_use(next(part for part in self._parts if part.name == error.part)) from error
            raise

    def _end_orphans(self) -> None:
        """The parts of a supervisor that was killed end by themselves; wait for them, as they hold the ports."""
        run = last_run(self._folders)
        if run:
            end_processes(run.processes(), ORPHANS_END_WITHIN)

    def _check_ports(self) -> None:
        for part in self._parts:
            if part.port and not ports.is_free(part.port):
                raise port_in_use(part)

    def _record(self) -> None:
        own = ProcessId.of(os.getpid())
        assert own is not None
        parts = tuple(
            RunningPart(child.part.name, child.port, ProcessId.of(child.pid) if child.pid else None)
            for child in self._children
        )
        Running(own, str(self._folders.supervisor_socket), self._settings, parts).write(self._folders)

    async def _handle(self, request: Request) -> Response:
        if (request.method, request.path) != ("GET", "/status"):
            return json_response(404, {"code": "NotFound", "message": "this socket answers GET /status"})
        return json_response(200, {"parts": await asyncio.gather(*map(self._part_status, self._children))})

    async def _part_status(self, child: Child) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "name": child.part.name,
            "state": child.state,
            "reason": child.reason,
            "port": child.port,
            "pid": child.pid,
            "restarts": child.restarts,
            "healthy": False,
            "parts": [],
        }
        if child.state == "serving":
            try:
                socket = self._folders.control_socket(child.part.name)
                _, told = await call(socket, "GET", "/status", within=CHILD_ANSWERS_WITHIN)
                fields |= {"healthy": told["healthy"], "parts": told["parts"]}
            except TimeoutError:
                fields["reason"] = f"does not answer on its control socket within {CHILD_ANSWERS_WITHIN:.0f} s"
            except (OSError, ValueError, KeyError, TypeError) as error:
                fields["reason"] = f"its control socket: {error or type(error).__name__}"
        return fields


def port_in_use(part: Part) -> StartError:
    found = ports.holder(part.port)
    who = f"by {found}" if found else "by a process of another user"
    option = f"--{part.name}-port"
    return StartError(
        part.name, "PortInUse", f"port {part.port} is in use {who}; end that, or choose another with {option}"
    )


@contextlib.contextmanager
def _lock(folders: Folders) -> Iterator[None]:
    """One supervisor a data folder. The system gives the lock back however the process ends."""
    private_folder(folders.data)
    descriptor = os.open(folders.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(f"a local cloud already runs on {folders.data}") from None
        yield
    finally:
        os.close(descriptor)
