"""`logs`: the end of a part's, a function's or a Worker's log, and what is written from now on."""

import re
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from localcloud.paths import Folders
from localcloud.settings import Settings

_POLL_SECONDS = 0.2
# Logs that many write to: `TIME NAME …`, with further lines of an entry indented.
_SHARED = ("functions", "workers")
_ENTRY = re.compile(rb"\d{4}-\d\d-\d\dT\S+ (\S+) ")


@dataclass(frozen=True, slots=True)
class Log:
    """A file, or of a shared file what `only` wrote."""

    path: Path
    only: str | None = None


def logs(settings: Settings, name: str | None, *, lines: int, follow: bool) -> int:
    """Prints the last `lines` of one log, or of all parts' logs with their names in front."""
    folder = Folders(settings.data).logs
    found = find_logs(folder)
    if name is None:
        chosen = {key: log for key, log in found.items() if log.path.parent == folder and log.only is None}
    else:
        chosen = {key: log for key, log in found.items() if name in {key, key.rpartition("/")[2]}}
        if not chosen:
            valid = ", ".join(sorted(found)) or "none yet; start the local cloud first"
            sys.stderr.write(f"error (NoSuchLog): {name!r} has no log in {folder}; valid names: {valid}\n")
            return 2
    tails = [_Tail(log, f"{key} | " if len(chosen) > 1 else "") for key, log in sorted(chosen.items())]
    for tail in tails:
        tail.print_last(lines)
    sys.stdout.flush()
    while follow:
        for tail in tails:
            tail.print_new()
        sys.stdout.flush()
        time.sleep(_POLL_SECONDS)
    return 0


def find_logs(folder: Path) -> dict[str, Log]:
    """The logs by name: `aws` for a part, `functions/NAME` and `workers/NAME` for what was deployed."""
    found = {str(path.relative_to(folder).with_suffix("")): Log(path) for path in folder.rglob("*.log")}
    for kind in _SHARED:
        if kind in found:
            with found[kind].path.open("rb") as file:
                names = {entry[1].decode(errors="replace") for entry in map(_ENTRY.match, file) if entry}
            found |= {f"{kind}/{name}": Log(found[kind].path, name) for name in names}
    return found


class _Tail:
    """Reads a log that grows, and begins anew where it was rotated or cut."""

    def __init__(self, log: Log, prefix: str) -> None:
        self._path = log.path
        self._only = log.only.encode() if log.only else None
        self._prefix = prefix
        self._file = 0
        self._offset = 0
        self._wanted = self._only is None

    def print_last(self, count: int) -> None:
        with self._path.open("rb") as file:
            self._print(list(deque(filter(self._is_wanted, file), maxlen=count)))
            self._offset = file.tell()
        self._file = self._path.stat().st_ino

    def print_new(self) -> None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return
        if found.st_ino != self._file or found.st_size < self._offset:
            self._file, self._offset = found.st_ino, 0
        if found.st_size > self._offset:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                whole = [line for line in file if line.endswith(b"\n")]
            self._offset += sum(map(len, whole))
            self._print(list(filter(self._is_wanted, whole)))

    def _is_wanted(self, line: bytes) -> bool:
        """In a shared log a line without a name belongs to the entry before it."""
        entry = _ENTRY.match(line) if self._only is not None else None
        if entry:
            self._wanted = entry[1] == self._only
        return self._wanted

    def _print(self, lines: list[bytes]) -> None:
        for line in lines:
            text = line.decode(errors="replace").rstrip("\r\n")
            # awslambdaric joins a traceback's lines by carriage returns, which a terminal would write over each other.
            for number, part in enumerate(text.split("\r")):
                sys.stdout.write(f"{self._prefix}{'    ' if number else ''}{part}\n")
