"""Puts what was built onto the disk in one step, so that no reader ever meets half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from components.packaging.tree import Tree


def write_file(content: bytes, target: Path) -> None:
    """Replaces a file at once; one with equal content is left alone."""
    if target.is_file() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_folder(tree: Tree, target: Path) -> None:
    """Makes the folder hold exactly the tree: each changed file replaced at once, others removed."""
    for name, file in tree.files.items():
        write_file(file.read_bytes(), target / name)
    kept = {target / name for name in tree.files}
    for where, folders, files in os.walk(target, topdown=False):
        for name in files:
            # A hidden file is one that another run is just writing.
            if (stale := Path(where, name)) not in kept and not name.startswith(".new-"):
                stale.unlink(missing_ok=True)
        for name in folders:
            if not any(Path(where, name).iterdir()):
                Path(where, name).rmdir()
