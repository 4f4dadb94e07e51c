"""`python -m localcloud.cloudflare` with the real Worker host, started as the supervisor would."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import files
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from cloudflare import Cloudflare

from localcloud.child import StartError
from localcloud.cloudflare.node import find_node
from localcloud.paths import ROOT

ACCOUNT = "00000000000000000000000000000001"
METADATA = {"main_module": "entry.py", "compatibility_date": "2026-05-01", "compatibility_flags": ["python_workers"]}
SOURCE = """
from workers import WorkerEntrypoint, Response
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(self.env.GREETING)
"""


class Process:
    """The process as the supervisor would start it."""

    def __init__(self, folder: Path, node: Path) -> None:
        self.folder = folder
        self._node = node
        self.start()

    def start(self) -> None:
        options = {"--data": "data", "--logs": "logs", "--control": "c.sock", "--model": "model.json"}
        words = [word for name, place in options.items() for word in (name, str(self.folder / place))]
        command = [sys.executable, "-m", "localcloud.cloudflare", "--port", "0", "--node", str(self._node), *words]
        with (self.folder / "stderr").open("ab") as stderr:
            self.popen = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, start_new_session=True
            )
        assert self.popen.stdout is not None
        word, _, fields = self.popen.stdout.readline().decode().partition(" ")
        assert word == "ready", (self.folder / "stderr").read_text()
        self.port = json.loads(fields)["port"]
        self.client = Cloudflare(
            base_url=f"http://127.0.0.1:{self.port}/client/v4", api_token="any", max_retries=0, timeout=60
        )

    def host(self) -> psutil.Process:
        [host] = psutil.Process(self.popen.pid).children()
        return host

    def put(self, greeting: str, source: str = SOURCE, bindings: Sequence[dict[str, Any]] = (), **more: Any) -> Any:
        sdk = [file for file in files("workers-runtime-sdk") or [] if file.suffix == ".py"]
        vendored = [(f"python_modules/{file}", file.read_binary(), "application/octet-stream") for file in sdk]
        bound = [{"type": "plain_text", "name": "GREETING", "text": greeting}, *bindings]
        script = self.client.workers.scripts.update(
            "hello",
            account_id=ACCOUNT,
            metadata=METADATA | {"bindings": bound} | more,  # type: ignore[arg-type]
            files=[("entry.py", source.encode(), "text/x-python"), *vendored],
        )
        self.client.workers.scripts.subdomain.create("hello", account_id=ACCOUNT, enabled=True)
        return script

    def get(self, path: str = "") -> str:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/_workers/hello{path}", timeout=20).text
        except httpx.TransportError as error:
            return repr(error)

    def storage(self) -> psutil.Process:
        [storage] = self.host().children()
        return storage

    def status(self) -> dict[str, Any]:
        transport = httpx.HTTPTransport(uds=str(self.folder / "c.sock"))
        with httpx.Client(transport=transport, base_url="http://localhost") as client:
            report: dict[str, Any] = client.get("/status").json()
        return report

    def close(self) -> None:
        """Ends the input and nothing else, as a supervisor's death does."""
        # Of a process that was just killed, poll() may not know yet: its children are then nobody's.
        hosts = psutil.Process(self.popen.pid).children(recursive=True) if self.popen.poll() is None else []
        assert self.popen.stdin is not None
        assert self.popen.stdout is not None
        end = time.monotonic() + 3.0  # the contract with the supervisor: all of it, within three seconds
        self.popen.stdin.close()
        self.popen.stdout.close()
        self.client.close()
        try:
            assert self.popen.wait(3) >= -signal.SIGKILL
            until(lambda: not any(is_alive(host) for host in hosts), within=end - time.monotonic())
        finally:
            if self.popen.poll() is None:
                os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # between the two questions
        return False


def until(condition: Callable[[], object], within: float = 30.0) -> None:
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "the condition was not met in time"
        time.sleep(0.1)


def find_host_node() -> Path:
    """The Node of the host, or the test is skipped."""
    wished = os.environ.get("PARALLAX_NODE")
    try:
        node = asyncio.run(find_node(Path(wished) if wished else None))
    except StartError as error:
        pytest.skip(error.message)
    packages = Path(os.environ.get("PARALLAX_NPM_PACKAGES", ROOT)) / "node_modules"
    if not list(packages.glob("pyodide-*")):
        pytest.skip(f"no Pyodide in {packages}: run `make up`")
    return node
