"""The log stream of one environment: lines are kept for a moment and written together."""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from datetime import UTC, datetime

from localcloud.aws.ports import LogSink

_DELAY = 0.05  # seconds


def stream_name(version: str) -> str:
    """`2026/11/24/[VERSION]0123…`, as Lambda names it."""
    return f"{datetime.now(UTC):%Y/%m/%d}/[{version}]{secrets.token_hex(16)}"


class LogStream:
    """Buffers lines."""

    def __init__(self, sink: LogSink, group: str, name: str) -> None:
        self.name = name
        self._sink = sink
        self._group = group
        self._lines: list[tuple[int, str]] = []
        self._scheduled = False

    def write(self, line: str) -> None:
        """Adds a line."""
        self._lines.append((int(time.time() * 1000), line))
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_later(_DELAY, self.flush)

    def flush(self) -> None:
        """Hands over what is there."""
        self._scheduled = False
        if self._lines:
            lines, self._lines = self._lines, []
            self._sink.write(self._group, self.name, lines)


def report(
    request_id: str,
    *,
    duration: float,
    memory: int,
    used: int,
    initialisation: float | None,
    restored: bool,
    status: str | None,
) -> str:
    """The REPORT line; times in ms, memory in MB. Since August 2025 the initialisation is billed too."""
    billed = math.ceil(duration + (initialisation or 0 if not restored else 0))
    line = (
        f"REPORT RequestId: {request_id}\tDuration: {duration:.2f} ms\tBilled Duration: {billed} ms\t"
        f"Memory Size: {memory} MB\tMax Memory Used: {used} MB\t"
    )
    if initialisation is not None:
        if restored:
            billed_restore = math.ceil(initialisation)
            line += f"Restore Duration: {initialisation:.2f} ms\tBilled Restore Duration: {billed_restore} ms\t"
        else:
            line += f"Init Duration: {initialisation:.2f} ms\t"
    if status is not None:
        line += f"Status: {status}"
    return line
