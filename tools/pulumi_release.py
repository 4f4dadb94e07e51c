"""Pulumi's official release, as its installer fetches it, checked against the checksums published with the release."""

from __future__ import annotations

import hashlib
import http.client
import io
import platform
import sys
import tarfile
import urllib.request
from pathlib import Path, PurePosixPath

_RELEASE = "https://get.pulumi.com/releases/sdk/pulumi-v{version}-{system}-{machine}.tar.gz"
_CHECKSUMS = "https://github.com/pulumi/pulumi/releases/download/v{version}/pulumi-{version}-checksums.txt"
_CONNECT_SECONDS = 4
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def fetch(version: str, folder: Path) -> str | None:
    """Puts the programs into a folder; returns None, or in a few words why it could not."""
    machine = _MACHINES.get(platform.machine().lower())
    if machine is None:
        return f"there is no release for {platform.machine()}"
    release = _RELEASE.format(version=version, system=sys.platform, machine=machine)
    try:
        sums = _get(_CHECKSUMS.format(version=version)).decode()
        archive = _get(release)
    except (OSError, http.client.HTTPException, ValueError):
        return "the official release cannot be reached from here"
    pairs = [line.split() for line in sums.splitlines()]
    wanted = {pair[1]: pair[0] for pair in pairs if len(pair) == 2}
    if wanted.get(PurePosixPath(release).name) != hashlib.sha256(archive).hexdigest():
        return "the official release did not match its published checksum"
    unpack(archive, folder)
    return None


def unpack(archive: bytes, folder: Path) -> None:
    """Takes the programs out of a release; nothing else, and nothing outside the folder."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as packed:
        for member in packed:
            name = PurePosixPath(member.name).name
            content = packed.extractfile(member) if member.isfile() else None
            if content is None or not name.startswith("pulumi"):
                continue
            program = folder / name
            program.write_bytes(content.read())
            program.chmod(0o755)


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=_CONNECT_SECONDS) as answer:  # noqa: S310 - https, from the constants above
        body: bytes = answer.read()
        return body
