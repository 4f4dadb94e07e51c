"""An execution environment: one process, one Runtime API, one log stream, one invocation at a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from datetime import UTC, datetime
from enum import Enum
from typing import Protocol

import psutil

from localcloud.aws.lambda_.deployment import Deployment
from localcloud.aws.lambda_.invocation import RESPONSE_LIMIT, Invocation, error, error_type_of, too_large
from localcloud.aws.lambda_.launch import Launcher, Process
from localcloud.aws.lambda_.log_stream import LogStream, report, stream_name
from localcloud.aws.lambda_.runtime_api import RuntimeApi
from localcloud.aws.lambda_.zygote import SnapshotFailed
from localcloud.aws.ports import LogSink

# Seconds. What takes longer is started anew when the function is called, within the function's own time:
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
INITIALISATION_LIMIT = 10.0


class State(Enum):
    """Where an environment is. ANSWERED: the result is out, the next poll is awaited."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    ANSWERED = "answered"
    DEAD = "dead"


class Owner(Protocol):
    """Who keeps environments."""

    @property
    def has_waiting(self) -> bool:
        """Whether an invocation waits for an environment."""

    def environment_ready(self, environment: Environment) -> None:
        """It waits for an event."""

    def environment_ended(self, environment: Environment, failure: tuple[bytes, str] | None) -> None:
        """It is gone. `failure`: error document and type, if it could not be initialised."""


class Environment:
    """Reports to its owner; every method runs on the loop."""

    def __init__(self, deployment: Deployment, launcher: Launcher, sink: LogSink, owner: Owner, declared: str) -> None:
        self.deployment = deployment
        self.state = State.STARTING
        self.since = time.monotonic()
        self.process: Process | None = None
        self.peak = 0  # bytes
        self._launcher = launcher
        self._owner = owner
        self._declared = declared
        self._api = RuntimeApi(self)
        self._log = LogStream(sink, deployment.group, stream_name(deployment.version))
        self._invocation: Invocation | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tries = 0
        self._output = -1
        self._partial = b""
        self._began = 0.0
        self._initialisation: float | None = None
        self._failure: tuple[bytes, str] | None = None
        self._again: asyncio.Task[None] | None = None
        self._children: list[psutil.Process] = []
        self._looks = 0

    async def start(self) -> None:
        """Starts the process; the owner hears of the rest."""
        await self._api.open()
        snap = self.deployment.snap_start
        version = self._declared.replace("python", "python:")
        self._log.write(
            f"RESTORE_START Runtime Version: {version}" if snap else f"INIT_START Runtime Version: {version}"
        )
        await self._launch(INITIALISATION_LIMIT)

    async def _launch(self, seconds: float) -> None:
        """A process, which has so many seconds until it is ready."""
        self._tries += 1
        loop = asyncio.get_running_loop()
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        self._output = reader
        loop.add_reader(reader, self._read)
        self._began = time.perf_counter()
        variables = {"AWS_LAMBDA_RUNTIME_API": self._api.address, "AWS_LAMBDA_LOG_STREAM_NAME": self._log.name}
        try:
            process = await self._launcher.launch(variables, writer)
        except SnapshotFailed as failed:
            self._failure = (failed.body, error_type_of(failed.body))
            self._end()
            return
        except OSError as failed:
            text = f"The function's process could not be started: {failed.strerror}"
            self._failure = (error("Runtime.StartError", text), "Runtime.StartError")
            self._end()
            return
        finally:
            os.close(writer)
        if self.deployment.snap_start:
            self._began = max(self._began, time.perf_counter() - 0.001)  # a late zygote is not this environment's time
        self.process = process
        process.exited.add_done_callback(lambda done: self._exited(process, done))
        if self.state is State.DEAD:
            process.kill()
        elif self.state is State.STARTING:
            self._timer = loop.call_later(seconds, self._initialisation_timed_out)

    def invoke(self, invocation: Invocation) -> None:
        """Runs an event; only when idle."""
        self.state = State.BUSY
        self._invocation = invocation
        if self.process is not None:
            self.process.thaw()
        self._write(f"START RequestId: {invocation.request_id} Version: {self.deployment.version}")
        invocation.started = time.perf_counter()
        self._timer = asyncio.get_running_loop().call_later(invocation.timeout, self._timed_out)
        self._api.send(invocation.head(), invocation.payload)

    def stop(self) -> None:
        """Ends it now."""
        if self.state is not State.DEAD:
            if self.process is not None:
                self.process.kill()
            self._end()

    def look(self) -> None:
        """Measures memory, and ends the process where it is over its limit (the pool looks ten times a second)."""
        if self.process is None or self.state not in (State.STARTING, State.BUSY):
            return
        used = 0
        try:
            own = psutil.Process(self.process.pid)
            if self._looks % 10 == 9:  # a search through all processes of the machine
                self._children = own.children(recursive=True)
            self._looks += 1
            used = own.memory_info().rss
        except psutil.Error:
            return
        for child in self._children:
            with contextlib.suppress(psutil.Error):
                used += child.memory_info().rss
        self.peak = max(self.peak, used)
        if used > self.deployment.memory * 1024 * 1024:
            self.process.kill()

    # What the Runtime API says.

    def polled(self) -> None:
        """Ready for an event."""
        if self.state is State.STARTING:
            self._cancel_timer()
            self._initialisation = (time.perf_counter() - self._began) * 1000
            if self.process is not None:
                with contextlib.suppress(psutil.Error):
                    self.peak = psutil.Process(self.process.pid).memory_info().rss
            if self.deployment.snap_start:
                self._log.write(f"RESTORE_REPORT Restore Duration: {self._initialisation:.2f} ms")
        elif self.state is not State.ANSWERED:
            return
        self.state = State.IDLE
        self._owner.environment_ready(self)
        # The owner may have had work at once, or none ever again. What it handed out changes the state.
        if self.process is not None and self._is_idle():
            self.process.freeze()

    def _is_idle(self) -> bool:
        return self.state is State.IDLE

    def awaited(self) -> bool:
        """Whether there is more to do."""
        return self._owner.has_waiting

    def answered(self, request_id: str, body: bytes) -> bool:
        """A result."""
        invocation = self._finish(request_id)
        if invocation is None:
            return False
        if len(body) > RESPONSE_LIMIT:
            self._close_log(invocation, "error")
            invocation.fail(too_large(), "Function.ResponseSizeTooLarge")
            return False
        self._close_log(invocation, None)
        invocation.succeed(body)
        return True

    def raised(self, request_id: str, body: bytes) -> bool:
        """An error."""
        invocation = self._finish(request_id)
        if invocation is None:
            return False
        self._close_log(invocation, None)
        invocation.fail(body, error_type_of(body))
        return True

    def initialisation_failed(self, body: bytes) -> None:
        """The runtime exits after this."""
        self._failure = (body, error_type_of(body))

    # How it ends.

    def _finish(self, request_id: str) -> Invocation | None:
        invocation = self._invocation
        if invocation is None or invocation.request_id != request_id:
            return None
        self._invocation = None
        self._cancel_timer()
        self._read()  # what was written before the answer belongs before its END
        self.state = State.ANSWERED
        self.since = time.monotonic()
        return invocation

    def _timed_out(self) -> None:
        invocation, self._invocation = self._invocation, None
        if invocation is None:
            return
        self._read()
        text = f"Task timed out after {self.deployment.timeout:.2f} seconds"
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        invocation.log.append(f"{moment} {invocation.request_id} {text}")
        self._log.write(f"{moment} {invocation.request_id} {text}")
        self._close_log(invocation, "timeout")
        self.stop()
        document = error("Sandbox.Timedout", f"RequestId: {invocation.request_id} Error: {text}")
        invocation.fail(document, "Sandbox.Timedout", "timeout")

    def _initialisation_timed_out(self) -> None:
        if self._tries == 1 and self.process is not None:
            spent = (time.perf_counter() - self._began) * 1000
            self._log.write(f"INIT_REPORT Init Duration: {spent:.2f} ms\tPhase: init\tStatus: timeout")
            process, self.process = self.process, None
            process.kill()
            self._close_output()
            self._again = asyncio.get_running_loop().create_task(self._launch(self.deployment.timeout))
            return
        text = f"Task timed out after {self.deployment.timeout:.2f} seconds"
        self._log.write(text)
        self._failure = (error("Sandbox.Timedout", text), "Sandbox.Timedout")
        self.stop()

    def _exited(self, process: Process, done: asyncio.Future[int]) -> None:
        if self.state is State.DEAD or process is not self.process:
            return
        status = done.result() if not done.cancelled() else -9
        self._read()
        if status < 0:
            reason = "Runtime exited with error: signal: killed"
        elif status:
            reason = f"Runtime exited with error: exit status {status}"
        else:
            reason = "Runtime exited without providing a reason"
        invocation, self._invocation = self._invocation, None
        if invocation is not None:
            text = f"RequestId: {invocation.request_id} Error: {reason}"
            invocation.log.append(text)
            self._log.write(text)
            self._close_log(invocation, "error")
        elif self.state is State.STARTING and self._failure is None:
            self._failure = (error("Runtime.ExitError", reason), "Runtime.ExitError")
        self._end()
        if invocation is not None:
            invocation.fail(error("Runtime.ExitError", text), "Runtime.ExitError")

    def _end(self) -> None:
        started = self.state is not State.STARTING
        self.state = State.DEAD
        self._cancel_timer()
        self._api.close()
        self._close_output()
        if self._partial:
            self._write(self._partial.decode("utf-8", "replace"))
            self._partial = b""
        self._log.flush()
        self._owner.environment_ended(self, None if started else self._failure)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # Its log.

    def _close_output(self) -> None:
        if self._output >= 0:
            self._read()
        if self._output >= 0:
            asyncio.get_running_loop().remove_reader(self._output)
            os.close(self._output)
            self._output = -1

    def _read(self) -> None:
        while self._output >= 0:
            try:
                data = os.read(self._output, 65536)
            except BlockingIOError:
                return
            if not data:
                asyncio.get_running_loop().remove_reader(self._output)
                os.close(self._output)
                self._output = -1
                return
            *lines, self._partial = (self._partial + data).split(b"\n")
            for line in lines:
                self._write(line.decode("utf-8", "replace"))

    def _write(self, line: str) -> None:
        if self._invocation is not None:
            self._invocation.log.append(line)
        self._log.write(line)

    def _close_log(self, invocation: Invocation, status: str | None) -> None:
        duration = (time.perf_counter() - invocation.started) * 1000
        initialisation, self._initialisation = self._initialisation, None
        line = report(
            invocation.request_id,
            duration=duration,
            memory=self.deployment.memory,
            used=min(-(-self.peak // 1048576), self.deployment.memory),
            initialisation=initialisation,
            restored=self.deployment.snap_start,
            status=status,
        )
        end = f"END RequestId: {invocation.request_id}"
        invocation.log += (end, line)
        self._log.write(end)
        self._log.write(line)
