"""How long the engine takes, and where: `pulumi up` from nothing, `pulumi preview` with no change, and their parts."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from tools.sandbox import Sandbox

_PREVIEWS = 3
_ALL_IMPORTS = "from components.targets import target; target('aws'); target('cloudflare')"


@dataclass(frozen=True, slots=True)
class EngineTimes:
    """Seconds of wall clock. `parts` are measured one by one, each by itself; some of them overlap in a preview."""

    up: float
    preview: float
    parts: Mapping[str, float]


def pulumi(project: Path, environment: Mapping[str, str], *words: str) -> tuple[float, str]:
    """Runs one engine command on the stack dev; its seconds and its output. Raises CalledProcessError."""
    started = time.perf_counter()
    command = ["pulumi", *words, "--stack", "dev", "--non-interactive"]
    done = subprocess.run(
        command, cwd=project, env=environment, check=True, capture_output=True, text=True, timeout=300
    )
    return time.perf_counter() - started, done.stdout


def measure(sandbox: Sandbox, project: Path) -> EngineTimes:
    """`up` from nothing until both URLs answer (nothing may be deployed yet), then previews with no change."""
    environment = sandbox.environment
    started = time.perf_counter()
    pulumi(project, environment, "up", "--yes", "--skip-preview")
    _, text = pulumi(project, environment, "stack", "output", "--json")
    for name in ("aws_url", "cloudflare_url"):
        httpx.get(json.loads(text)[name], timeout=30).raise_for_status()
    up = time.perf_counter() - started
    preview = statistics.median(pulumi(project, environment, "preview")[0] for _ in range(_PREVIEWS))
    parts = {
        "the engine's own start (pulumi stack)": pulumi(project, environment, "stack")[0],
        "the program's imports": _seconds([sys.executable, "-c", _ALL_IMPORTS], project, environment),
        "the AWS plugin's start": _plugin_start("aws", environment),
        "the Cloudflare plugin's start": _plugin_start("cloudflare", environment),
        "the local cloud, 20 reads of a function": _reads(sandbox),
    }
    return EngineTimes(up, preview, parts)


def _seconds(command: list[str], folder: Path, environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=60)
    return time.perf_counter() - started


def _plugin_start(name: str, environment: Mapping[str, str]) -> float:
    """Seconds from the start of a plugin to its port on standard output."""
    started = time.perf_counter()
    plugin = subprocess.Popen(
        [f"pulumi-resource-{name}", "127.0.0.1:1"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert plugin.stdout is not None
    plugin.stdout.readline()
    taken = time.perf_counter() - started
    plugin.terminate()
    plugin.wait(timeout=10)
    plugin.stdout.close()
    return taken


def _reads(sandbox: Sandbox) -> float:
    """As many calls as a refresh of both clouds' resources makes, one after the other."""
    url = f"{sandbox.cloudflare_endpoint}/accounts/00000000000000000000000000000001/workers/scripts"
    started = time.perf_counter()
    with httpx.Client(headers={"Authorization": "Bearer local"}) as client:
        for _ in range(20):
            client.get(url).raise_for_status()
    return time.perf_counter() - started
