"""What a package holds, by the names under which it is deployed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from components.errors import NameCollisionError

_LEFT_OUT_FOLDERS = frozenset({"__pycache__", "tests", "node_modules"})
_LEFT_OUT_SUFFIXES = frozenset({".pyc", ".pyo", ".pyi"})


@dataclass(frozen=True, slots=True)
class Tree:
    """Files by their deployed names: relative, with `/`, sorted. Nothing else of a file than its bytes is deployed."""

    files: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", MappingProxyType(dict(sorted(self.files.items()))))

    def below(self, folder: str) -> Tree:
        """The same files under a folder's name."""
        return Tree({f"{folder}/{name}": file for name, file in self.files.items()})

    def without(self, folder: str) -> Tree:
        """All other files than those of a folder."""
        return Tree({name: file for name, file in self.files.items() if not name.startswith(f"{folder}/")})

    def joined(self, other: Tree) -> Tree:
        """Both; raises NameCollisionError where they bring different bytes under one name."""
        for name in self.files.keys() & other.files.keys():
            first, second = self.files[name], other.files[name]
            if first.read_bytes() != second.read_bytes():
                raise NameCollisionError(name, str(first), str(second))
        return Tree({**self.files, **other.files})

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Each name with its bytes."""
        return ((name, file.stat().st_size) for name, file in self.files.items())


def folder_tree(folder: Path, leave_out: Callable[[str], bool] = lambda _name: False) -> Tree:
    """The files below a folder; left out are caches, compiled files, type stubs, tests, folder links, hidden files."""
    return Tree({name: folder / name for name in _names(folder) if not leave_out(name)})


def _names(folder: Path) -> Iterator[str]:
    for where, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _LEFT_OUT_FOLDERS and not name.startswith(".")]
        below = Path(where).relative_to(folder)
        for name in files:
            if not name.startswith(".") and PurePosixPath(name).suffix not in _LEFT_OUT_SUFFIXES:
                yield (below / name).as_posix()
