"""`python -m localcloud` on a data folder of its own, with small parts in place of the real ones."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from localcloud.paths import Folders
from localcloud.running import find_running, wait_until_ended

SMALL_CLOUD = Path(__file__).with_name("small_cloud.py")


class Cloud:
    """Runs the words. At the end of a test nothing may be left of what it started."""

    def __init__(self, data: Path, program: list[str]) -> None:
        self.data = data
        self.program = program
        self.seen: dict[int, psutil.Process] = {}

    def __call__(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [*self.program, *words, "--data", str(self.data)]
        done = subprocess.run(
            command, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
        )
        self.remember()
        return done

    def start(self, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
        ports = () if "--aws-port" in more else ("--aws-port", "0", "--cloudflare-port", "0")
        return self("start", *ports, *more, **environment)

    def status(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self("status", "--json").stdout)
        return report

    def part(self, name: str) -> dict[str, Any]:
        return next(part for part in self.status()["parts"] if part["name"] == name)

    def supervisor(self) -> psutil.Process:
        running = find_running(Folders(self.data))
        found = running.supervisor.find() if running else None
        if found is None:
            raise psutil.NoSuchProcess(0)
        return found

    def remember(self) -> None:
        """Notes all processes of this cloud, so that orphans are found by number, and ended by it."""
        try:
            top = self.supervisor()
            for process in [top, *top.children(recursive=True)]:
                self.seen[process.pid] = process
        except psutil.Error:
            return

    def left(self, within: float = 0.0) -> list[psutil.Process]:
        """The processes that still run."""
        return wait_until_ended(self.seen.values(), within)


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    yield from clean(Cloud(tmp_path / "data", [sys.executable, str(SMALL_CLOUD)]))


def clean(cloud: Cloud) -> Iterator[Cloud]:
    try:
        yield cloud
        cloud("stop")
        assert cloud.left(within=5) == []
    finally:
        cloud.remember()
        for process in cloud.left():
            process.kill()
