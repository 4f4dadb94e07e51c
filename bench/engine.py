"""How long the engine takes, and where: `pulumi up` from nothing, `pulumi preview` with no change, and their parts."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from tools.sandbox import Sandbox

_IMPORT = re.compile(r"import time:\s+\d+ \|\s+(\d+) \| (pulumi|pulumi_aws|pulumi_cloudflare)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class EngineTimes:
    """Seconds of wall clock. `imports` is the share of each SDK in a plain start of the program's interpreter."""

    up: float
    preview: float
    imports: dict[str, float]
    plugin_start: float


def pulumi(project: Path, environment: dict[str, str], *words: str) -> float:
    """Runs one engine command on the stack dev and returns its seconds. Raises CalledProcessError with its output."""
    started = time.perf_counter()
    command = ["pulumi", *words, "--stack", "dev", "--non-interactive"]
    subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True, text=True, timeout=300)
    return time.perf_counter() - started


def measure(sandbox: Sandbox, project: Path, urls: list[str]) -> EngineTimes:
    """`up` from nothing until both URLs answer (the stack must be destroyed), then previews with no change."""
    started = time.perf_counter()
    pulumi(project, sandbox.environment, "up", "--yes", "--skip-preview")
    for url in urls:
        httpx.get(url, timeout=30).raise_for_status()
    up = time.perf_counter() - started
    preview = statistics.median(pulumi(project, sandbox.environment, "preview") for _ in range(3))
    return EngineTimes(up, preview, _imports(), _plugin_start(sandbox))


def _imports() -> dict[str, float]:
    command = [sys.executable, "-X", "importtime", "-c", "import pulumi, pulumi_aws, pulumi_cloudflare"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return {name: int(microseconds) / 1e6 for microseconds, name in _IMPORT.findall(done.stderr)}


def _plugin_start(sandbox: Sandbox) -> float:
    """Seconds from the start of the AWS plugin to its port on standard output."""
    started = time.perf_counter()
    plugin = subprocess.Popen(
        ["pulumi-resource-aws", "127.0.0.1:1"],
        env={**os.environ, **sandbox.environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert plugin.stdout is not None
    plugin.stdout.readline()
    taken = time.perf_counter() - started
    plugin.terminate()
    plugin.wait(timeout=10)
    plugin.stdout.close()
    return taken
