"""A local cloud and Pulumi stacks of one's own, on free ports and in one folder: for tests and benchmarks.

Everything a sandbox makes lives below its folder; `close` ends the local cloud and leaves nothing running.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pulumi import automation

from tools import stack_secrets
from tools.environment import local_environment
from tools.free_ports import free_port
from tools.places import ROOT
from tools.pulumi_cli import cli_folder

PROGRAM = ("__main__.py", "Pulumi.yaml", "Pulumi.dev.yaml", "app", "functions", "workers", "components")
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running local cloud. Ports are loopback TCP ports; `environment` is what its users need and nothing more."""

    folder: Path
    aws_port: int = field(default_factory=free_port)
    cloudflare_port: int = field(default_factory=free_port)
    secrets: Mapping[str, str] = field(default_factory=stack_secrets.made, repr=False)
    """The application's secrets in each stack, by their names."""

    @property
    def aws_endpoint(self) -> str:
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def cloudflare_endpoint(self) -> str:
        return f"http://127.0.0.1:{self.cloudflare_port}/client/v4"

    @property
    def environment(self) -> dict[str, str]:
        """The variables for the engine and for SDKs: this sandbox's endpoints, state, passphrase and Pulumi home."""
        return local_environment(self.folder, aws_port=self.aws_port, cloudflare_port=self.cloudflare_port)

    def localcloud(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs `python -m localcloud WORDS` on this sandbox's data."""
        command = [sys.executable, "-m", "localcloud", *words, "--data", str(self.folder / "localcloud")]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, text=True, capture_output=True, check=check, timeout=_START_SECONDS
        )

    def open(self, *flags: str) -> None:
        """Starts the local cloud; returns when both clouds answer."""
        ports = ("--aws-port", str(self.aws_port), "--cloudflare-port", str(self.cloudflare_port))
        self.localcloud("start", *ports, *flags)

    def close(self) -> None:
        """Ends the local cloud. Safe to repeat."""
        self.localcloud("stop", check=False)

    def project(self, name: str = "project") -> Path:
        """A copy of the program, to be changed at will, whose stack `dev` points to this local cloud."""
        project = self.folder / name
        project.mkdir(parents=True)
        for part in PROGRAM:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, project / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, project / part)
        settings = project / "Pulumi.dev.yaml"
        text = settings.read_text().replace("127.0.0.1:4566", f"127.0.0.1:{self.aws_port}")
        settings.write_text(text.replace("127.0.0.1:4567", f"127.0.0.1:{self.cloudflare_port}"))
        return project

    def stack(self, project: Path, name: str = "dev") -> automation.Stack:
        """The stack of that name in a project folder, made where it is missing."""
        command = automation.PulumiCommand(root=str(cli_folder().parent))
        options = automation.LocalWorkspaceOptions(env_vars=self.environment, pulumi_command=command)
        stack = automation.create_or_select_stack(name, work_dir=str(project), opts=options)
        settings = project / f"Pulumi.{name}.yaml"
        lacking = stack_secrets.missing(settings, self.secrets)
        values = {secret: self.secrets[secret] for secret in lacking}
        stack_secrets.put(values, settings, name, self.environment, project)
        return stack


def outputs(stack: automation.Stack) -> Mapping[str, str]:
    """The stack's outputs as plain values."""
    return {name: output.value for name, output in stack.outputs().items()}


def running_under(folder: Path) -> list[str]:
    """Command lines of live processes that mention a folder: what a sandbox has left running."""
    listing = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if str(folder) in line and str(os.getpid()) != line.split()[0]]
