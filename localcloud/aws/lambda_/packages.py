"""Deployment packages: checked, kept by their hash, unpacked as uploaded.

Limits: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html. Their messages are AWS's, the zip's as
of https://github.com/localstack/docs/pull/933.
"""

from __future__ import annotations

import base64
import hashlib
import io
import lzma
import shutil
import stat
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from localcloud.aws.lambda_.errors import invalid

ZIPPED_LIMIT = 50 * 1024 * 1024
UNZIPPED_LIMIT = 250 * 1024 * 1024
_ENTRIES_LIMIT = 100_000
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Package:
    """`sha256` in base64, as Lambda shows it; `size` in bytes, zipped."""

    sha256: str
    size: int

    @property
    def name(self) -> str:
        """The package's name on disk."""
        return base64.b64decode(self.sha256).hex()


class Packages:
    """A folder of packages. Methods block: run them in a thread."""

    def __init__(self, folder: Path) -> None:
        self._zips = folder / "zips"
        self._code = folder / "code"
        self._zips.mkdir(parents=True, exist_ok=True)
        self._code.mkdir(parents=True, exist_ok=True)

    def add(self, data: bytes) -> Package:
        """Checks and keeps a zip. Raises ServiceError InvalidParameterValueException or RequestTooLarge."""
        package = Package(base64.b64encode(hashlib.sha256(data).digest()).decode(), len(data))
        path = self.zip(package.sha256)
        if not path.exists():
            check(data)
            with tempfile.NamedTemporaryFile(dir=self._zips, delete=False) as file:
                file.write(data)
            Path(file.name).replace(path)
        return package

    def zip(self, sha256: str) -> Path:
        """Where the zip lies."""
        return self._zips / f"{base64.b64decode(sha256).hex()}.zip"

    def folder(self, sha256: str) -> Path:
        """The unpacked code; unpacks it where that was not done yet."""
        target = self._code / base64.b64decode(sha256).hex()
        if target.is_dir():
            return target
        building = Path(tempfile.mkdtemp(dir=self._code))
        try:
            unpack(self.zip(sha256).read_bytes(), building)
            building.chmod(0o755)
            building.rename(target)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            if not target.is_dir():
                raise
        return target


_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, UnicodeDecodeError)


def check(data: bytes) -> None:
    """Refuses what Lambda refuses, and what would leave its folder."""
    if len(data) > ZIPPED_LIMIT:
        raise invalid(f"Zipped size must be smaller than {ZIPPED_LIMIT} bytes")
    try:
        _check(data)
    except _DAMAGED:
        raise invalid("Could not unzip uploaded file. Please check your file, then try to upload again.") from None


def _check(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if not entries:
            raise invalid("Uploaded file must be a non-empty zip")
        if len(entries) > _ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > UNZIPPED_LIMIT:
            raise invalid(f"Unzipped size must be smaller than {UNZIPPED_LIMIT} bytes")
        for entry in entries:
            _path(entry.filename)
            if entry.flag_bits & 1:
                raise zipfile.BadZipFile("an encrypted entry")
            if stat.S_ISLNK(entry.external_attr >> 16):
                if entry.file_size > 4096:
                    raise invalid(f"The package's link {entry.filename} is too long")
                _link(entry.filename, _read(archive, entry))
        if archive.testzip() is not None:
            raise zipfile.BadZipFile("a checksum is wrong")


def unpack(data: bytes, folder: Path) -> None:
    """Unpacks a checked zip. Sizes in its directory may lie, so what comes out is counted."""
    left = UNZIPPED_LIMIT
    links: list[tuple[Path, str]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            path = folder / _path(entry.filename)
            mode = entry.external_attr >> 16
            if entry.is_dir():
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if stat.S_ISLNK(mode):
                links.append((path, _link(entry.filename, _read(archive, entry))))
                continue
            with archive.open(entry) as source, path.open("wb") as target:
                while chunk := source.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise OSError(f"the package unzips to more than {UNZIPPED_LIMIT} bytes")
                    target.write(chunk)
            path.chmod(0o555 if mode & 0o111 else 0o444)
    for path, destination in links:  # after all files, so that none is written through a link
        path.symlink_to(destination)
    for path, destination in links:  # one link may lead through another, which their texts do not show
        if not path.resolve().is_relative_to(folder.resolve()):
            raise OSError(f"the package's link to {destination!r} leaves its folder")


def _path(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or not path.parts:
        raise invalid(f"The package's entry {name!r} leaves its folder. Paths must be relative, without '..'.")
    return path


def _link(name: str, content: bytes) -> str:
    destination = PurePosixPath(content.decode("utf-8", "replace"))
    depth = len(PurePosixPath(name).parts) - 1
    for part in destination.parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            break
    if depth < 0 or destination.is_absolute():
        raise invalid(f"The package's link {name!r} leaves its folder. It points to {str(destination)!r}.")
    return str(destination)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as source:
        return source.read(4097)
