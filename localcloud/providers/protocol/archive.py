"""An archive or asset of the program turned into the bytes of a zip file, the same ones every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from localcloud.providers.protocol.errors import ProviderError
from localcloud.providers.protocol.values import Archive, Asset

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that the zip format can hold."""


def zipped(code: Archive | Asset) -> bytes:
    """The zip file: as it is where the program gives one, else with sorted names, fixed times and plain rights."""
    path = Path(code.path) if code.path is not None else None
    if path is not None and path.is_file():
        if not zipfile.is_zipfile(path):
            raise ProviderError(f"{path} is not a zip file; give a .zip, a folder, or an AssetArchive")
        return path.read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in sorted(_files(code, "")):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return buffer.getvalue()


def _files(node: Any, name: str) -> Iterator[tuple[str, bytes]]:
    match node:
        case Asset(text=str() as text):
            yield name, text.encode()
        case Asset(path=str() as path):
            yield name, _read(Path(path))
        case Archive(assets=assets) if assets is not None:
            for key, item in assets.items():
                yield from _files(item, f"{name}/{key}" if name else key)
        case Archive(path=str() as path):
            yield from _tree(Path(path), name)
        case _:
            raise ProviderError(
                f"{name or 'code'}: only text, files, folders and zip files can be deployed, no remote ones"
            )


def _tree(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    if zipfile.is_zipfile(folder):
        with zipfile.ZipFile(folder) as source:
            for entry in source.infolist():
                if not entry.is_dir():
                    yield f"{name}/{entry.filename}" if name else entry.filename, source.read(entry)
        return
    if not folder.is_dir():
        raise ProviderError(f"{folder}: no such file or folder")
    for file in folder.rglob("*"):
        if file.is_file():
            relative = file.relative_to(folder).as_posix()
            yield f"{name}/{relative}" if name else relative, _read(file)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProviderError(f"{path}: {error.strerror}") from error
