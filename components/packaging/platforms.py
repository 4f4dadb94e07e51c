"""The platforms that packages are resolved for: the cloud's, never the builder's."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

Machine = Literal["arm64", "x86_64"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A Python on a kind of machine.

    `tags` are the platform tags of wheels that run there, best first; none means those of this machine. `uv` is uv's
    name for the same, None where it has none. `markers` are the values of environment markers (PEP 508) there.
    """

    name: str
    python: str
    tags: tuple[str, ...]
    uv: str | None
    markers: Mapping[str, str]


def lambda_platform(runtime: str, architecture: str) -> Platform:
    """Lambda's `runtime` (`python3.13`) on `arm64`, `x86_64` or `native`: this machine, for a cloud that runs on it.

    The runtimes from Python 3.12 on stand on Amazon Linux 2023, which has glibc 2.34:
    https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html
    """
    python = runtime.removeprefix("python")
    if architecture == "native":
        python = _native_python(python)
        markers = _markers(python, sys.platform, platform.system(), platform.machine())
        return Platform(name=f"{sys.platform}-{platform.machine()}", python=python, tags=(), uv=None, markers=markers)
    machine = {"arm64": "aarch64", "x86_64": "x86_64"}[architecture]
    return Platform(
        name=f"lambda-{architecture}",
        python=python,
        tags=(*(f"manylinux_2_{minor}_{machine}" for minor in range(34, 16, -1)), f"manylinux2014_{machine}"),
        uv=f"{machine}-manylinux_2_34",
        markers=_markers(python, "linux", "Linux", machine),
    )


def worker_platform(flags: tuple[str, ...]) -> Platform:
    """The Pyodide that Cloudflare selects by compatibility flags: 0.28 (CPython 3.13), or by flag 314 (CPython 3.14).

    Wheels of both tag names run there: Pyodide's own and PEP 783's. Source: `pythonSnapshotRelease` in
    https://github.com/cloudflare/workerd/blob/main/src/workerd/io/compatibility-date.capnp
    """
    newest = "python_workers_20260610" in flags
    python, abi = ("3.14", "2026_0") if newest else ("3.13", "2025_0")
    return Platform(
        name=f"pyodide-{abi}",
        python=python,
        tags=(f"pyemscripten_{abi}_wasm32", f"pyodide_{abi}_wasm32"),
        uv=None if newest else "wasm32-pyodide2025",
        markers=_markers(python, "emscripten", "Emscripten", "wasm32"),
    )


def native_machine() -> Machine:
    """This machine's processor, in Lambda's words."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"


def _native_python(wanted: str) -> str:
    """The version that a cloud on this machine runs a function on: the wanted one where such an interpreter works, on
    PATH or where the usual version managers put it (as `tools/interpreters.py` looks for it), else the one that runs
    this program.
    """
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    if own == wanted:
        return own
    # Only whether there is one counts here, so that PATH can come last: a pyenv shim takes 0.3 s, also to say no.
    folders = (
        *sorted(Path.home().glob(f".pyenv/versions/{wanted}.*/bin")),
        Path("/opt/homebrew/bin"),
        Path("/usr/local/bin"),
    )
    files = [str(file) for folder in folders if (file := folder / f"python{wanted}").is_file()]
    return wanted if any(map(_works, (*files, f"python{wanted}"))) else own


def _works(interpreter: str) -> bool:
    """Whether it can be run: a version manager's shim may stand for none."""
    try:
        subprocess.run([interpreter, "-c", ""], check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _markers(python: str, sys_platform: str, system: str, machine: str) -> Mapping[str, str]:
    return MappingProxyType(
        {
            "implementation_name": "cpython",
            "implementation_version": f"{python}.0",
            "os_name": "posix",
            "platform_machine": machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": system,
            "platform_version": "",
            "python_full_version": f"{python}.0",
            "python_version": python,
            "sys_platform": sys_platform,
        }
    )
