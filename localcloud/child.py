"""One child process of the supervisor: started, waited for, restarted when it dies, stopped.

The contract between the two is in docs/architecture.md: `--port`, one line `ready {…}` or `failed {…}` on standard
output, and an end of its own when its standard input ends.
"""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from localcloud.paths import ROOT, private_folder

READY_WITHIN = 60.0
STOPS_WITHIN = 3.0
LOG_BYTES = 10_000_000
# A child that lives this long is well again: its earlier deaths no longer count.
WELL_AFTER = 30.0
DEATHS_UNTIL_FAILING = 5
BACK_OFF = (0.05, 0.2, 0.5, 1.0, 3.0, 10.0)

# What a child gets of the user's environment. Credentials and the like stay out: a child runs deployed code.
_KEPT = ("PATH", "HOME", "TMPDIR", "TZ", "LANG", "USER", "LOGNAME", "XDG_CACHE_HOME")

State = Literal["starting", "serving", "restarting", "failing", "stopped"]


@dataclass(frozen=True, slots=True)
class Part:
    """A child as data: what to run and on which port (0: any free one)."""

    name: str
    port: int
    program: tuple[str, ...]
    arguments: tuple[str, ...] = ()


class StartError(Exception):
    """A part did not come up; `code` is the child's own (PortInUse, …), or ExitedEarly, or NotReady."""

    def __init__(self, part: str, code: str, message: str) -> None:
        super().__init__(f"{part} did not start ({code}): {message}")
        self.part = part
        self.code = code
        self.message = message


class Child:
    """A running part. `changed` is called whenever its pid, port or state is another one."""

    def __init__(self, part: Part, logs: Path, changed: Callable[[], None] = lambda: None) -> None:
        self.part = part
        self.port = part.port
        self.state: State = "stopped"
        self.reason = ""
        self.restarts = 0
        self._log = logs / f"{part.name}.log"
        self._changed = changed
        self._process: asyncio.subprocess.Process | None = None
        self._started = 0.0
        self._deaths: deque[float] = deque(maxlen=DEATHS_UNTIL_FAILING)
        self._reader: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Starts the process and returns when it serves. Raises StartError, and then nothing of it is left."""
        self._set("starting")
        try:
            await self._start()
        except StartError as error:
            await self._kill()
            self._set("stopped", error.message)
            raise

    async def watch(self) -> None:
        """Restarts the process for as long as it dies; ends by cancellation only."""
        while True:
            assert self._process is not None
            code = await self._process.wait()
            if time.monotonic() - self._started > WELL_AFTER:
                self._deaths.clear()
            self._died(f"ended with {_exit_text(code)}")
            while not await self._restart():
                pass

    async def stop(self) -> None:
        """Asks (end of input), then tells (SIGTERM), then ends (SIGKILL) the process and all of its group."""
        process = self._process
        if process and process.returncode is None:
            if process.stdin:
                process.stdin.close()
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOPS_WITHIN)
        await self._kill()
        self._set("stopped")

    async def _restart(self) -> bool:
        await self._kill()
        await asyncio.sleep(BACK_OFF[min(len(self._deaths), len(BACK_OFF)) - 1])
        self.restarts += 1
        try:
            await self._start()
        except StartError as error:
            self._died(error.message)
            return False
        return True

    def _died(self, reason: str) -> None:
        self._deaths.append(time.monotonic())
        self._set("failing" if len(self._deaths) == DEATHS_UNTIL_FAILING else "restarting", reason)

    async def _start(self) -> None:
        with self._open_log() as log:
            process = self._process = await asyncio.create_subprocess_exec(
                *self.part.program,
                *("--port", str(self.port)),
                *self.part.arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                cwd=ROOT,
                env=child_environment(),
                # Its own group: a Ctrl-C meant for the supervisor does not reach it, and what it leaves can be ended.
                start_new_session=True,
            )
        self._started = time.monotonic()
        self._changed()
        try:
            word, fields = await asyncio.wait_for(self._first_line(process), READY_WITHIN)
        except TimeoutError:
            raise StartError(
                self.part.name, "NotReady", f"not ready within {READY_WITHIN:.0f} s; {self._see()}"
            ) from None
        if word == "failed":
            raise StartError(self.part.name, str(fields.get("code", "Failed")), str(fields.get("message", "")))
        self.port = int(fields.get("port", self.port))
        self._reader = asyncio.create_task(self._keep_output(process))
        self._set("serving")

    async def _first_line(self, process: asyncio.subprocess.Process) -> tuple[str, dict[str, Any]]:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            word, _, rest = line.decode(errors="replace").strip().partition(" ")
            if word in {"ready", "failed"}:
                return word, json.loads(rest)
            self._append(line)
        code = await process.wait()
        raise StartError(self.part.name, "ExitedEarly", f"ended with {_exit_text(code)}; {self._see()}")

    async def _keep_output(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while chunk := await process.stdout.read(65536):
            self._append(chunk)

    async def _kill(self) -> None:
        """Ends what is left of the group, so that its port is free for the next one."""
        process, self._process = self._process, None
        if process is None:
            return
        # The group can be there without its leader: SIGKILL of a child leaves the child's own children.
        # (macOS answers EPERM where only a zombie is left.)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        if self._reader:
            self._reader.cancel()

    def _open_log(self) -> Any:
        private_folder(self._log.parent)
        if self._log.exists() and self._log.stat().st_size > LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        return os.fdopen(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=0)

    def _append(self, data: bytes) -> None:
        with self._open_log() as log:
            log.write(data)

    def _see(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()[-1:]
        return f"see {self._log}" + (f", which ends with: {lines[0]}" if lines else "")

    def _set(self, state: State, reason: str = "") -> None:
        self.state, self.reason = state, reason
        self._changed()


def child_environment() -> dict[str, str]:
    """The clean environment of a child: what a program needs to run, and Parallax's own variables."""
    return {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith(("LC_", "PARALLAX_"))}


def _exit_text(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
