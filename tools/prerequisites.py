"""What must be there before set-up: Python, Node and npm."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

from tools.errors import SetupError

PYTHON = (3, 11)
NODE = (20,)
_PATIENCE_SECONDS = 20


def version_in(text: str) -> tuple[int, ...] | None:
    """The first version number in a program's own words: `v24.21.0` gives (24, 21, 0)."""
    found = re.search(r"(\d+(?:\.\d+)+)", text)
    return tuple(int(part) for part in found[1].split(".")) if found else None


def program_version(program: str, *words: str) -> tuple[int, ...] | None:
    """The version that a program on PATH prints; None where there is none, or it does not run."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        done = subprocess.run([path, *words], capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return version_in(done.stdout) if done.returncode == 0 else None


def check() -> None:
    """Raises SetupError, in one line, for the first that is missing or too old."""
    if sys.version_info < PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise SetupError("PythonTooOld", f"Python {found} is too old: install Python 3.11 or newer, and run make again")
    node = program_version("node", "--version")
    if node is None:
        raise SetupError(
            "NodeMissing", "node is not on PATH: install Node.js 20 or newer (with npm), and run make again"
        )
    if node < NODE:
        found = ".".join(str(part) for part in node)
        raise SetupError("NodeTooOld", f"node on PATH is {found}: install Node.js 20 or newer, and run make again")
    if program_version("npm", "--version") is None:
        raise SetupError("NpmMissing", "npm is not on PATH: install it (it comes with Node.js), and run make again")
