"""The initialised process of a SnapStart version, from which its environments are forked (see shim/fork_server.py)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson

from localcloud.aws.lambda_.launch import Process, command, spawn
from localcloud.aws.lambda_.runtime_api import RuntimeApi
from localcloud.aws.lambda_.runtimes import Interpreter

INITIALISATION_LIMIT = 130.0  # seconds: SnapStart allows 130 s or the function's timeout, whichever is longer


class SnapshotFailed(Exception):  # noqa: N818 - an outcome, with the function's own error
    """Initialisation failed. `body` is the error as JSON."""

    def __init__(self, body: bytes) -> None:
        super().__init__("the snapshot could not be taken")
        self.body = body


class Zygote:
    """Starts at the first need, and again after it died."""

    def __init__(  # noqa: PLR0917 - parts, once
        self,
        interpreter: Interpreter,
        folder: Path,
        bytecode: Path,
        handler: str,
        variables: Mapping[str, str],
        log: Callable[[str], None],
    ) -> None:
        self._interpreter = interpreter
        self._folder = folder
        self._bytecode = bytecode
        self._handler = handler
        self._variables = variables
        self._log = log
        self._parked: asyncio.Future[None] | None = None
        self._process: Process | None = None
        self._control: socket.socket | None = None
        self._api: RuntimeApi | None = None
        self._received = b""
        self._forks: dict[int, asyncio.Future[Process]] = {}
        self._children: dict[int, Process] = {}
        self._ended_early: dict[int, int] = {}
        self._count = 0

    @property
    def pid(self) -> int | None:
        """The process, while it lives."""
        return self._process.pid if self._process is not None else None

    async def take(self) -> None:
        """Initialises the function, unless that is done. Raises SnapshotFailed."""
        if self._parked is None:
            self._parked = asyncio.get_running_loop().create_future()
            try:
                await self._start()
            except BaseException:
                self.close()
                raise
        parked = self._parked
        try:
            await asyncio.wait_for(asyncio.shield(parked), INITIALISATION_LIMIT)
        except TimeoutError:
            self.close()
            message = f"SnapStart initialization exceeded {INITIALISATION_LIMIT:.0f} seconds"
            raise SnapshotFailed(orjson.dumps({"errorType": "Sandbox.Timedout", "errorMessage": message})) from None

    async def launch(self, variables: Mapping[str, str], output: int) -> Process:
        """Forks an environment."""
        await self.take()
        assert self._control is not None
        self._count += 1
        forked: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._forks[self._count] = forked
        order = orjson.dumps({"id": self._count, "variables": dict(variables)}) + b"\n"
        socket.send_fds(self._control, [order], [output])
        return await forked

    def close(self) -> None:
        """Ends the zygote. Environments end with it."""
        self._end(SnapshotFailed(b'{"errorType":"Runtime.ExitError","errorMessage":"Runtime exited"}'))

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        self._api = RuntimeApi(self)
        await self._api.open()
        ours, theirs = socket.socketpair()
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        try:
            variables = {**self._variables, "AWS_LAMBDA_RUNTIME_API": self._api.address}
            line = command(self._interpreter, self._bytecode, self._handler, str(theirs.fileno()))
            process = await spawn(line, self._folder, variables, writer, (theirs.fileno(),))
        finally:
            theirs.close()
            os.close(writer)
        ours.setblocking(False)
        self._process, self._control = process, ours
        loop.add_reader(ours.fileno(), self._read)
        loop.add_reader(reader, self._read_log, reader)
        process.exited.add_done_callback(lambda done: self._exited(process, done))

    def _read_log(self, reader: int) -> None:
        try:
            data = os.read(reader, 65536)
        except BlockingIOError:
            return
        if not data:
            asyncio.get_running_loop().remove_reader(reader)
            os.close(reader)
        for line in data.decode("utf-8", "replace").splitlines():
            self._log(line)

    def _read(self) -> None:
        assert self._control is not None
        try:
            data = self._control.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            return
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            self._message(orjson.loads(line))

    def _message(self, message: dict[str, int]) -> None:
        if "parked" in message:
            if self._parked is not None and not self._parked.done():
                self._parked.set_result(None)
        elif "id" in message:
            process = Process(message["pid"], asyncio.get_running_loop().create_future())
            if process.pid in self._ended_early:
                process.exited.set_result(self._ended_early.pop(process.pid))
            else:
                self._children[process.pid] = process
            forked = self._forks.pop(message["id"])
            if forked.done():
                process.kill()
            else:
                forked.set_result(process)
        elif message["pid"] in self._children:
            exited = self._children.pop(message["pid"]).exited
            if not exited.done():
                exited.set_result(message["status"])
        else:
            self._ended_early[message["pid"]] = message["status"]

    def _exited(self, process: Process, done: asyncio.Future[int]) -> None:
        if process is not self._process:
            return
        status = done.result() if not done.cancelled() else -9
        text = f"Runtime exited with error: {'signal: killed' if status < 0 else f'exit status {status}'}"
        self._end(SnapshotFailed(orjson.dumps({"errorType": "Runtime.ExitError", "errorMessage": text})))

    def _end(self, error: SnapshotFailed) -> None:
        process, self._process = self._process, None
        parked, self._parked = self._parked, None
        if parked is not None and not parked.done():
            parked.set_exception(error)
            parked.exception()  # whoever waits sees it; nobody needs to
        for forked in self._forks.values():
            if not forked.done():
                forked.set_exception(error)
        self._forks.clear()
        for child in self._children.values():
            child.kill()
            if not child.exited.done():
                child.exited.set_result(-9)
        self._children.clear()
        if self._api is not None:
            self._api.close()
            self._api = None
        if self._control is not None:
            with contextlib.suppress(ValueError, OSError):
                asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
        self._received = b""
        if process is not None:
            process.kill()

    # What the Runtime API says while the function is initialised.

    def polled(self) -> None:
        """A zygote never polls."""

    def awaited(self) -> bool:
        """A zygote never polls."""
        return False

    def answered(self, request_id: str, body: bytes) -> bool:
        """A zygote has no invocations."""
        return False

    def raised(self, request_id: str, body: bytes) -> bool:
        """A zygote has no invocations."""
        return False

    def initialisation_failed(self, body: bytes) -> None:
        """The function's own error."""
        if self._parked is not None and not self._parked.done():
            self._parked.set_exception(SnapshotFailed(body))
            self._parked.exception()
