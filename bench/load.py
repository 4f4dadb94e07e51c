"""Closed-loop load by wrk, the load tool of the field: N kept-alive connections, one request in flight on each."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = Path(__file__).with_name("echo.lua")
_MARK = "bench-result "


class LoadToolMissingError(Exception):
    """wrk is not on PATH."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """One run: requests per second, latency in milliseconds, and replies that were no 2xx or no reply at all."""

    requests_per_second: float
    p50: float
    p99: float
    failures: int


def require_wrk() -> str:
    """The path of wrk. Raises LoadToolMissingError with what to install."""
    found = shutil.which("wrk")
    if found is None:
        raise LoadToolMissingError("wrk is not on PATH: install it (apt-get install wrk, or brew install wrk)")
    return found


def echo(url: str, *, connections: int, seconds: int) -> LoadResult:
    """Posts a JSON body of 206 bytes to URL/echo for so many seconds."""
    command = [require_wrk(), "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(_SCRIPT)]
    done = subprocess.run(
        [*command, f"{url.rstrip('/')}/echo"], capture_output=True, text=True, check=True, timeout=seconds + 60
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith(_MARK))
    values = json.loads(line.removeprefix(_MARK))
    return LoadResult(values["rps"], values["p50"], values["p99"], values["failures"])
