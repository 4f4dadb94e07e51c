"""A Pulumi CLI and its Python language host from their published Go modules, pinned by go.sum in tools/cli/."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from tools.errors import SetupError
from tools.places import ROOT
from tools.prerequisites import program_version
from tools.run import run

MODULES = ROOT / "tools" / "cli"
OLDEST_GO = (1, 26)
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_LANGUAGE_HOST = "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
_SDK = "github.com/pulumi/pulumi/sdk/v3"


def build(version: str, folder: Path) -> None:
    """Puts the programs into a folder. Raises SetupError where Go is missing or the modules cannot be had."""
    found = program_version("go", "version")
    if found is None or found < OLDEST_GO:
        raise SetupError(
            "GoMissing",
            "no Pulumi CLI on PATH, and it can be neither downloaded nor built here:"
            " install Pulumi (https://www.pulumi.com/docs/install/), or Go 1.26 or newer, and run make again",
        )
    with tempfile.TemporaryDirectory(prefix="parallax-go-") as scratch:
        modules = Path(scratch) / "cli"
        shutil.copytree(MODULES, modules)
        _go_build(modules / "pulumi", _CLI, folder / "pulumi", f"-X {_VERSION_VARIABLE}={version}")
        _go_build(modules / "language-python", _LANGUAGE_HOST, folder / "pulumi-language-python", "")
        # The script that the language host starts is no Go program; it lies in the sdk's module.
        listing = ["go", "list", "-m", "-f", "{{.Dir}}", _SDK]
        sdk = Path(run(listing, what="go list", folder=modules / "pulumi", environment=_environment()).strip())
        script = folder / "pulumi-language-python-exec"
        shutil.copyfile(sdk / "python" / "cmd" / script.name, script)
        script.chmod(0o755)


def _go_build(module: Path, package: str, target: Path, flags: str) -> None:
    command: list[str | Path] = [
        "go",
        "build",
        "-mod=readonly",
        "-trimpath",
        "-ldflags",
        f"-s -w {flags}",
        "-o",
        target,
        package,
    ]
    run(command, what="go build", folder=module, environment=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "", "GOWORK": "off"}
