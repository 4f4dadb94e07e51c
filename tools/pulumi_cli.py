"""Which Pulumi CLI is used, in this order: one on PATH that is new enough; the official release, where it can be
reached; one built with Go from its published module, for networks that reach only package mirrors.

What was fetched or built is kept in the user's cache with its checksums, so that the second time costs nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from tools import pulumi_build, pulumi_release
from tools.errors import SetupError
from tools.places import user_cache
from tools.prerequisites import program_version
from tools.steps import Steps

VERSION = "3.259.0"
OLDEST = (3, 246, 0)
"""The oldest engine that the pinned Python SDK was tried with."""

PROGRAMS = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec")
_SUMS = "SHA256SUMS.json"


def ensure(steps: Steps) -> None:
    """Finds, fetches or builds the CLI. Raises SetupError, with what was tried, where none of it works."""
    if _on_path() is not None or _is_whole(_cached()):
        steps.already("Pulumi CLI")
        return
    with tempfile.TemporaryDirectory(prefix="parallax-pulumi-") as scratch:
        made = Path(scratch) / "bin"
        made.mkdir()
        with steps.step("Pulumi CLI: the official release"):
            refused = pulumi_release.fetch(VERSION, made)
        if refused is not None:
            with steps.step("Pulumi CLI: built with Go", f"about four minutes, this once; {refused}"):
                pulumi_build.build(VERSION, made)
        if program_version(str(made / "pulumi"), "version") is None:
            raise SetupError("CliBroken", "the Pulumi CLI that was fetched or built does not run; run make again")
        _keep(made)


def cli_folder() -> Path:
    """The folder with `pulumi` and its Python language host. Raises SetupError before set-up."""
    on_path = _on_path()
    if on_path is not None:
        return on_path
    if not _is_whole(_cached()):
        raise SetupError("CliMissing", "there is no Pulumi CLI yet: run `make setup`")
    return _cached()


def _cached() -> Path:
    return user_cache() / "pulumi" / VERSION / "bin"


def _on_path() -> Path | None:
    """A CLI of the user's own: new enough, and with its language host beside it."""
    path = shutil.which("pulumi")
    if path is None or shutil.which("pulumi-language-python") is None:
        return None
    found = program_version("pulumi", "version")
    return Path(path).parent if found is not None and found >= OLDEST else None


def _keep(made: Path) -> None:
    """Moves the programs into the cache in one step, with checksums: an interrupted copy is never taken for whole."""
    target = _cached()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as nearby:
        staged = Path(nearby) / "bin"
        shutil.copytree(made, staged)
        sums = {name: _describe(staged / name) for name in PROGRAMS}
        (staged / _SUMS).write_text(json.dumps(sums, indent=2))
        shutil.rmtree(target, ignore_errors=True)
        staged.rename(target)


def _describe(program: Path) -> dict[str, str | int]:
    with program.open("rb") as content:
        checksum = hashlib.file_digest(content, "sha256").hexdigest()
    status = program.stat()
    return {"sha256": checksum, "size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _is_whole(folder: Path) -> bool:
    """Whether the cache holds what was put there: by size and time, and by checksum where the time differs."""
    try:
        sums = json.loads((folder / _SUMS).read_text())
        for name in PROGRAMS:
            status = (folder / name).stat()
            known = sums[name]
            unchanged = (status.st_size, status.st_mtime_ns) == (known["size"], known["mtime_ns"])
            if not unchanged and _describe(folder / name)["sha256"] != known["sha256"]:
                return False
            if not os.access(folder / name, os.X_OK):
                return False
    except (OSError, ValueError, KeyError):
        return False
    return True
