"""Pythons on this machine: on PATH, or where the usual version managers put them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

_PATIENCE_SECONDS = 20


def find(version: str) -> Path | None:
    """The executable of `3.13`, say, if it really runs (a version manager's shim may not)."""
    candidates = [shutil.which(f"python{version}")]
    pyenv = Path.home() / ".pyenv" / "versions"
    candidates += [str(path) for path in sorted(pyenv.glob(f"{version}.*/bin/python3"), reverse=True)]
    candidates += [f"/opt/homebrew/bin/python{version}", f"/usr/local/bin/python{version}"]
    for candidate in candidates:
        if candidate and _is(candidate, version):
            return Path(candidate)
    return None


def _is(program: str, version: str) -> bool:
    command = [program, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() == version
