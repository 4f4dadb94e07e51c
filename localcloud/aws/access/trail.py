"""The record of what roles were allowed and refused: who, what, on which resource. No parameters, no values."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import orjson

FLUSH_SECONDS = 0.1
MAX_BYTES = 16 * 1024 * 1024


class Trail:
    """Appends JSON lines to a file; lines reach it within FLUSH_SECONDS. A file that grew too large is kept once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[bytes] = []
        self._scheduled = False
        self._moment = 0
        self._stamp = b""

    def record(self, principal: str, action: str, resource: str, *, allowed: bool) -> None:
        """Adds a decision; `principal` is the role's ARN."""
        now = int(time.time() * 1000)
        if now != self._moment:
            at = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self._moment, self._stamp = now, f'{{"time":"{at}",'.encode()
        self._lines.append(self._stamp + _rest(principal, action, resource, allowed))
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Writes what is pending."""
        self._scheduled = False
        lines, self._lines = self._lines, []
        if not lines:
            return
        with contextlib.suppress(FileNotFoundError):
            if self._path.stat().st_size > MAX_BYTES:
                self._path.replace(self._path.with_suffix(".jsonl.1"))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.writelines(lines)


@lru_cache(maxsize=4096)
def _rest(principal: str, action: str, resource: str, allowed: bool) -> bytes:
    entry = {"principal": principal, "action": action, "resource": resource, "allowed": allowed}
    return orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE)[1:]
