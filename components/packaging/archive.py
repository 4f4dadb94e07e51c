"""A tree as one zip archive whose bytes depend on nothing but names and contents."""

from __future__ import annotations

import io
import zipfile

from components.packaging.tree import Tree

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16


def archive_bytes(tree: Tree, store_up_to: int) -> bytes:
    """The archive. Sizes are bytes.

    Files are stored as they are while they come to `store_up_to` or less: what deflate yields differs between builds
    of zlib (Apple's, zlib-ng), so that only stored files are the same everywhere. A larger package is compressed, for
    it would not fit through the cloud's door otherwise.
    """
    compression = zipfile.ZIP_STORED if sum(size for _, size in tree.sizes()) <= store_up_to else zipfile.ZIP_DEFLATED
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, file in tree.files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _MODE
            entry.compress_type = compression
            archive.writestr(entry, file.read_bytes())
    return target.getvalue()
