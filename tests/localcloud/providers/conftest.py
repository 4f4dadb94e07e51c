"""The real engine against the stand-in providers, each test with a state, folders and clouds of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from moto.server import ThreadedMotoServer

ROOT = Path(__file__).parents[3]
PLUGINS = ROOT / "localcloud" / "providers" / "bin"
PROGRAM = Path(__file__).parent / "program"


def find_pulumi() -> str | None:
    """On PATH, else in the cache that `make up` fills, else where PARALLAX_TEST_PULUMI says."""
    if found := shutil.which("pulumi"):
        return found
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parallax" / "pulumi"
    cached = sorted([*cache.glob("*/pulumi"), *cache.glob("*/bin/pulumi")])
    if cached:
        return str(cached[-1])
    return os.environ.get("PARALLAX_TEST_PULUMI")


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack of the test program, and the environment that its commands run in."""

    folder: Path
    environment: Mapping[str, str]
    pulumi: str

    def start(self, *arguments: str, features: str = "") -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.pulumi, *arguments, "--non-interactive"],
            cwd=self.folder,
            env={**self.environment, "FEATURES": features},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, features: str = "", fails: bool = False) -> str:
        process = self.start(*arguments, features=features)
        try:
            output, _ = process.communicate(timeout=150)
        finally:
            process.kill()
        assert (process.returncode != 0) == fails, output
        return output

    def up(self, features: str = "") -> str:
        return self.run("up", "--yes", "--skip-preview", features=features)

    def preview(self, features: str = "") -> str:
        return self.run("preview", "--diff", features=features)

    def outputs(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("stack", "output", "--json"))
        return found

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("stack", "export"))
        return found

    def resource(self, name: str) -> dict[str, Any]:
        """The resource of that logical name, as state holds it."""
        found: dict[str, Any] = next(
            item for item in self.state()["deployment"]["resources"] if item["urn"].endswith(f"::{name}")
        )
        return found


@pytest.fixture
def aws_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    httpx.post(f"{url}/moto-api/reset").raise_for_status()  # its state is the process's, whichever server asks
    yield url
    server.stop()


@pytest.fixture
def engine_environment(tmp_path: Path) -> dict[str, str]:
    """What a command needs, and nothing of the developer's own clouds."""
    pulumi = find_pulumi()
    if pulumi is None:
        pytest.skip("no Pulumi CLI: `make up` installs one")
    state = tmp_path / "state"
    state.mkdir()
    path = [str(PLUGINS), str(Path(pulumi).parent), os.environ.get("PATH", "")]
    return {
        "PATH": os.pathsep.join(path),
        "HOME": str(tmp_path),
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"{state.as_uri()}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_PYTHON_CMD": sys.executable,
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.fixture
def stack(tmp_path: Path, aws_endpoint: str, engine_environment: dict[str, str]) -> Stack:
    folder = tmp_path / "program"
    shutil.copytree(PROGRAM, folder, ignore=shutil.ignore_patterns("__pycache__"))
    made = Stack(folder, engine_environment, find_pulumi() or "")
    made.run("stack", "init", "test")
    endpoints = dict.fromkeys(("apigatewayv2", "iam", "lambda", "logs", "sts"), aws_endpoint)
    config = {"aws:region": "eu-west-1", "aws:endpoints": [endpoints]}
    with (folder / "Pulumi.test.yaml").open("a") as file:
        file.write(f"config: {json.dumps(config)}\n")
    return made
