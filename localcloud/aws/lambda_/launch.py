"""A function's process: how it starts, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from localcloud.aws.lambda_.runtimes import Interpreter

SHIM = Path(__file__).with_name("shim") / "start.py"
_FREEZES = sys.platform == "linux"


@dataclass(slots=True)
class Process:
    """`exited` gives the exit status, negative for a signal."""

    pid: int
    exited: asyncio.Future[int]

    frozen: bool = False

    def kill(self) -> None:
        """Kills the process and all that it started in its group."""
        if self.exited.done():
            return
        for end in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                end(self.pid, signal.SIGKILL)

    def freeze(self) -> None:
        """Stops it and all in its group, as Lambda does between invocations.

        Linux only: elsewhere nothing ends a stopped process when its host is killed.
        """
        if _FREEZES and not self.exited.done():
            self.frozen = self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it go on."""
        if self.frozen and not self.exited.done():
            self._signal(signal.SIGCONT)
        self.frozen = False

    def _signal(self, number: signal.Signals) -> bool:
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):  # just ended, or not yet the leader of its group
            return False
        return True


class Launcher(Protocol):
    """Starts environments of one version."""

    async def launch(self, variables: Mapping[str, str], output: int) -> Process:
        """Starts a process with those variables of its own, which writes to the descriptor `output`."""

    def close(self) -> None:
        """Ends what the launcher itself runs."""


def command(interpreter: Interpreter, bytecode: Path, handler: str, *control: str) -> list[str]:
    """The command line of a function's process. Bytecode is kept outside its code, which is read-only on Lambda."""
    options = ["-I", "-S", "-X", f"pycache_prefix={bytecode}"]
    return [interpreter.program, *options, str(SHIM), str(interpreter.site), str(os.getpid()), handler, *control]


async def spawn(
    line: list[str], folder: Path, variables: Mapping[str, str], output: int, keep: tuple[int, ...] = ()
) -> Process:
    """Starts a process in a session of its own, with exactly these variables."""
    process = await asyncio.create_subprocess_exec(
        *line,
        cwd=folder,
        env=dict(variables),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        pass_fds=keep,
    )
    exited = asyncio.ensure_future(process.wait())
    return Process(process.pid, exited)


@dataclass(slots=True)
class Spawner:
    """A fresh interpreter for each environment."""

    interpreter: Interpreter
    folder: Path
    bytecode: Path
    handler: str
    variables: Mapping[str, str]

    async def launch(self, variables: Mapping[str, str], output: int) -> Process:
        """Starts an interpreter."""
        line = command(self.interpreter, self.bytecode, self.handler)
        return await spawn(line, self.folder, {**self.variables, **variables}, output)

    def close(self) -> None:
        """Nothing runs between environments."""


assert sys.platform != "win32", "Lambda functions need Linux, macOS or WSL"
