"""An engine that is killed at any moment leaves a state from which `pulumi cancel` and `pulumi up` converge."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.end_to_end.clouds import aws_inventory, cloudflare_inventory, sizes
from tests.end_to_end.test_lifecycle import ALL_OF_AWS, NOTHING_OF_AWS
from tools.sandbox import Sandbox, outputs

MOMENTS = (1.5, 3.0, 4.5, 6.0)
"""Seconds after the start of `pulumi up`: from before the first resource to after the last on an idle machine."""


def processes_of(sandbox: Sandbox, mark: str) -> list[psutil.Process]:
    """Live processes of this sandbox's engine whose command line holds a mark."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if mark not in " ".join(process.info["cmdline"] or ()):
            continue
        try:
            if process.environ().get("PULUMI_HOME") == str(sandbox.folder / "pulumi"):
                found.append(process)
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
    return found


@pytest.fixture
def no_language_host_left(sandbox: Sandbox) -> Iterator[None]:
    """Pulumi's own language host asks only every five minutes whether its engine lives (Healthcheck in its main.go)."""
    yield
    for host in processes_of(sandbox, "pulumi-language-python"):
        host.kill()
        host.wait(timeout=10)


def up_and_kill(project: Path, sandbox: Sandbox, seconds: float) -> None:
    """Starts `pulumi up` and ends it by SIGKILL after so many seconds, if it still runs then."""
    environment = {**sandbox.environment}
    command = ["pulumi", "up", "--yes", "--skip-preview", "--stack", "dev", "--non-interactive"]
    engine = subprocess.Popen(
        command,
        cwd=project,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds)
    os.kill(engine.pid, signal.SIGKILL)
    engine.wait()


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("no_language_host_left")
def test_killed_at_any_moment_cancel_and_up_converge(sandbox: Sandbox) -> None:
    project = sandbox.project()
    stack = sandbox.stack(project)
    account = stack.get_config("cloudflareAccountId").value
    for moment in MOMENTS:
        up_and_kill(project, sandbox, moment)
        _, alive = psutil.wait_procs(processes_of(sandbox, "localcloud.providers"), timeout=10)
        assert alive == [], "a plugin outlived its engine"
        stack.cancel()
        stack.up()
        urls = outputs(stack)
        assert sizes(aws_inventory(sandbox)) == ALL_OF_AWS
        assert cloudflare_inventory(sandbox, account) == {"scripts": [urls["cloudflare_script_name"]]}
        for url in (urls["aws_url"], urls["cloudflare_url"]):
            assert httpx.get(url).text == "ok"
        stack.destroy()
        assert sizes(aws_inventory(sandbox)) == NOTHING_OF_AWS
        assert cloudflare_inventory(sandbox, account) == {"scripts": []}
