"""Which supervisor runs on a data folder: the run file, checked against the process that it names.

A process id alone says little after `kill -9` or a reboot, as ids are used again; with the moment at which the process
started it names one process only.
"""

import json
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import psutil

from localcloud.paths import Folders

# psutil derives the moment from the boot time, which a corrected clock can move a little between two readers.
_SAME_MOMENT = 2.0
_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process, never mistaken for a later one with the same number. `started` is in seconds since the epoch."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "ProcessId | None":
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return None

    def find(self) -> psutil.Process | None:
        """The process if it still runs; a zombie does not."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _SAME_MOMENT
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None


@dataclass(frozen=True, slots=True)
class RunningPart:
    """`process` is None while the part is being restarted."""

    name: str
    port: int
    process: ProcessId | None


@dataclass(frozen=True, slots=True)
class Running:
    """The run file: written by the supervisor (mode 0600), replaced as a whole.

    `socket` is where the supervisor answers; who asks can have another TMPDIR than the supervisor had.
    """

    supervisor: ProcessId
    socket: str
    settings: dict[str, Any]
    parts: tuple[RunningPart, ...]

    def port(self, part: str) -> int:
        return next(found.port for found in self.parts if found.name == part)

    def processes(self) -> list[psutil.Process]:
        """Those of the supervisor and its parts that still run, the supervisor first."""
        known = [self.supervisor, *(part.process for part in self.parts if part.process)]
        return [process for identity in known if (process := identity.find())]

    def write(self, folders: Folders) -> None:
        temporary = folders.run_file.with_suffix(".new")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(self), file)
        temporary.replace(folders.run_file)


def last_run(folders: Folders) -> Running | None:
    """What the run file says, whether or not that supervisor still runs. A file that cannot be read counts as none."""
    try:
        fields = json.loads(folders.run_file.read_text())
        return Running(
            supervisor=ProcessId(**fields["supervisor"]),
            socket=fields["socket"],
            settings=fields["settings"],
            parts=tuple(_part(part) for part in fields["parts"]),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def find_running(folders: Folders) -> Running | None:
    """The run file of a supervisor that runs now."""
    run = last_run(folders)
    return run if run and run.supervisor.find() else None


def end_processes(processes: Iterable[psutil.Process], within: float) -> None:
    """Waits `within` seconds for processes that are expected to end, then ends them."""
    left = wait_until_ended(processes, within)
    for process in left:
        for member in [*_descendants(process), process]:
            try:
                member.kill()
            except psutil.NoSuchProcess:
                continue
    wait_until_ended(left, 5)


def wait_until_ended(processes: Iterable[psutil.Process], within: float) -> list[psutil.Process]:
    """Those that still run after `within` seconds.

    A zombie has ended: when its parent, or a container's first process, looks after it is not ours to wait for.
    """
    end = time.monotonic() + within
    left = list(filter(_runs, processes))
    while left and time.monotonic() < end:
        time.sleep(_POLL_SECONDS)
        left = list(filter(_runs, left))
    return left


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _part(fields: dict[str, Any]) -> RunningPart:
    process = fields["process"]
    return RunningPart(fields["name"], fields["port"], ProcessId(**process) if process else None)
