"""The official release: what cannot be had, or is not what was published, leads on to the build and leaves nothing."""

from __future__ import annotations

import hashlib
import http.client
import io
import platform
import sys
import tarfile
import urllib.error
from pathlib import Path

import pytest

from tools import pulumi_release

FILES = {
    "pulumi/pulumi": b"cli",
    "pulumi/pulumi-language-python": b"host",
    "pulumi/README": b"-",
    "../pulumi-up": b"",
}


def release(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("pulumi/pulumi-link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return packed.getvalue()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes | Exception]:
    """What the network gives, by the end of the address."""
    answers: dict[str, bytes | Exception] = {}

    def get(url: str) -> bytes:
        answer = answers["checksums" if url.endswith("-checksums.txt") else "release"]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(pulumi_release, "_get", get)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    return answers


def _sums(archive: bytes) -> bytes:
    return f"{hashlib.sha256(archive).hexdigest()}  pulumi-v1.2.3-linux-x64.tar.gz\n".encode()


def test_the_programs_and_nothing_else_are_taken(served: dict[str, bytes | Exception], tmp_path: Path) -> None:
    archive = release(FILES)
    served |= {"release": archive, "checksums": _sums(archive)}
    folder = tmp_path / "inner" / "bin"
    folder.mkdir(parents=True)
    assert pulumi_release.fetch("1.2.3", folder) is None
    assert {path.name for path in folder.iterdir()} == {"pulumi", "pulumi-language-python", "pulumi-up"}
    assert {path for path in tmp_path.rglob("*") if not path.is_dir()} == set(folder.iterdir())


@pytest.mark.parametrize("sums", [_sums(b"another"), b"", b"not\na list of sums"])
def test_what_does_not_match_its_checksum_is_refused(
    served: dict[str, bytes | Exception], tmp_path: Path, sums: bytes
) -> None:
    served |= {"release": release(FILES), "checksums": sums}
    assert "checksum" in (pulumi_release.fetch("1.2.3", tmp_path) or "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error",
    [
        urllib.error.URLError("no route to host"),
        TimeoutError(),
        ConnectionResetError(),
        http.client.IncompleteRead(b"half"),
        http.client.BadStatusLine("a captive portal"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_cannot_be_reached_is_said_in_words(
    served: dict[str, bytes | Exception], tmp_path: Path, error: Exception
) -> None:
    served |= {"release": error, "checksums": _sums(b"")}
    assert pulumi_release.fetch("1.2.3", tmp_path) == "the official release cannot be reached from here"
