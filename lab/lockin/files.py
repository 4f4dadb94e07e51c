"""The files of a repository that code may stand in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_NEVER: Final = frozenset({"__pycache__", "node_modules", "site-packages"})
_MADE: Final = frozenset({"build", "dist"})
"""Where tools put what they make, unless it is a package."""
OTHER_CODE: Final = frozenset(
    {
        ".sql",
        ".js",
        ".mjs",
        ".cjs",
        ".ts",
        ".tsx",
        ".jsx",
        ".go",
        ".rs",
        ".java",
        ".cs",
        ".rb",
        ".sh",
        ".wasm",
        ".proto",
    }
)
"""Endings of code that is not Python's, which is named and not counted."""


def files(folder: Path) -> Iterator[str]:
    """Paths of Python files and of other code, from the folder, with slashes, by name. Hidden folders, links, virtual
    environments and what tools have made are passed by.
    """
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(name for name in folders if _goes_into(here / name))
        for name in sorted(names):
            path = here / name
            if (path.suffix == ".py" or path.suffix in OTHER_CODE) and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def _goes_into(folder: Path) -> bool:
    name = folder.name
    if name.startswith(".") or name in _NEVER or name.endswith(".egg-info"):
        return False
    if name in _MADE and not (folder / "__init__.py").exists():
        return False
    return not folder.is_symlink() and not (folder / "pyvenv.cfg").exists()
