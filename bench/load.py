"""Closed-loop load by wrk, the load tool of the field: N kept-alive connections, one request in flight on each."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

_SCRIPT = Path(__file__).with_name("requests.lua")
_MARK = "bench-result "


class LoadToolMissingError(Exception):
    """wrk is not on PATH."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request as it is sent; `path` begins with a slash and follows the base URL's own."""

    method: str
    path: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


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


def load(url: str, requests: Sequence[Prepared], *, connections: int, seconds: int) -> LoadResult:
    """Sends the requests to a base URL, in turn and again from the start, for so many seconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as script:
        script.write(f"return {{\n{''.join(_lua(request) for request in requests)}}}\n")
        script.flush()
        command = [require_wrk(), "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(_SCRIPT)]
        done = subprocess.run(
            [*command, f"{url.rstrip('/')}/", "--", script.name],
            capture_output=True, text=True, check=True, timeout=seconds + 60,
        )  # fmt: skip
    line = next(line for line in done.stdout.splitlines() if line.startswith(_MARK))
    values = json.loads(line.removeprefix(_MARK))
    return LoadResult(values["rps"], values["p50"], values["p99"], values["failures"])


def _lua(request: Prepared) -> str:
    headers = ", ".join(f"[{_quoted(name)}] = {_quoted(value)}" for name, value in request.headers.items())
    return f"{{{_quoted(request.method)}, {_quoted(request.path)}, {{{headers}}}, {_quoted(request.body)}}},\n"


def _quoted(text: str) -> str:
    """A Lua string: what JSON escapes is escaped alike, but for characters beyond ASCII, which go as they are."""
    return json.dumps(text, ensure_ascii=False)
