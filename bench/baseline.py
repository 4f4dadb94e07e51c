"""What everything is measured against: the same application under uvicorn with uvloop and httptools, one worker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.free_ports import free_port

_ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_SECONDS = 20
KEY_VARIABLE = "PARALLAX_BENCH_WEBHOOK_KEY"


@contextmanager
def uvicorn(webhook_key: str) -> Iterator[str]:
    """Yields the base URL of the application under uvicorn, which ends with the block."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.memory_app:app", "--host", "127.0.0.1", "--port", str(port)]
    options = ["--loop", "uvloop", "--http", "httptools", "--workers", "1", "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen([*command, *options], cwd=_ROOT, env={**os.environ, KEY_VARIABLE: webhook_key})
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE_SECONDS)


def _wait(url: str) -> None:
    last = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            if time.monotonic() > last:
                raise
            time.sleep(0.02)
