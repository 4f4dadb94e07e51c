"""Fetches and unpacks wheels for another platform, by uv where present, else by the running Python's pip."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from components.errors import RequirementsUnresolvedError
from components.packaging.platforms import Platform
from components.packaging.requirements import Requirements

_TIMEOUT = 600
_SHOWN_LINES = 6
_MISSING = (
    re.compile(r"No matching distribution found for ([^\s;]+)"),  # pip
    re.compile(r"[Bb]ecause (?:only )?(\S+) has no (?:usable )?wheels"),  # uv
    re.compile(r"(?:[Bb]ecause|and) (\S+) was not found in the package registry"),  # uv
)


def install(requirements: Requirements, platform: Platform, scratch: Path) -> None:
    """Puts the packages into `scratch/packages`. Raises RequirementsUnresolvedError."""
    listed = scratch / "requirements.txt"
    listed.write_text("\n".join(requirements.lines) + "\n", encoding="utf-8")
    target = scratch / "packages"
    command = [*_installer(platform), "--target", str(target), "--requirement", str(listed)]
    if requirements.locked:
        command += ["--require-hashes", "--no-deps"]
    try:
        # In the file's own folder, so that relative paths in it mean what they say.
        done = subprocess.run(
            command, cwd=Path(requirements.source).parent, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _failed(requirements, platform, f"no answer within {_TIMEOUT} s") from error
    if done.returncode:
        raise _failed(requirements, platform, done.stderr.strip() or done.stdout.strip())
    target.mkdir(exist_ok=True)


def _installer(platform: Platform) -> Iterator[str]:
    uv = shutil.which("uv")
    if uv and (platform.uv or not platform.tags):
        yield from (uv, "pip", "install", "--quiet", "--no-config", "--python", sys.executable)
        yield from ("--python-version", platform.python, "--only-binary", ":all:", "--link-mode", "copy")
        if platform.uv:
            yield from ("--python-platform", platform.uv)
        return
    yield from (sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check")
    yield from ("--no-compile", "--only-binary=:all:", "--implementation", "cp", "--python-version", platform.python)
    for tag in platform.tags:
        yield from ("--platform", tag)


def _failed(requirements: Requirements, platform: Platform, output: str) -> RequirementsUnresolvedError:
    package = next((found[1] for pattern in _MISSING if (found := pattern.search(output))), None)
    detail = "\n".join(f"  {line}" for line in output.splitlines()[-_SHOWN_LINES:])
    where = f"{platform.name} (CPython {platform.python})"
    return RequirementsUnresolvedError(requirements.source, where, package, detail)
