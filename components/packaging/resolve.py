"""Requirements -> their packages for a platform, from a cache below the project where the same were had before."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from components.packaging.install import install
from components.packaging.platforms import Platform
from components.packaging.requirements import Requirements, read_requirements
from components.packaging.tree import Tree, folder_tree

# Part of every key: raise it when what is kept of an installation changes.
_FORMAT = "1"
# Of a distribution's own records the application may read these (importlib.metadata); the others serve an uninstaller,
# or name the builder's tool.
_KEPT_RECORDS = frozenset({"METADATA", "entry_points.txt", "top_level.txt"})


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves requirements files; `cache` keeps each result in a folder named by the hash of what it depends on."""

    cache: Path
    platform: Platform

    def resolve(self, files: Iterable[Path]) -> Tree:
        """The packages of all files; where two files bring the same distribution, the first one's is taken."""
        chosen: dict[str, Tree] = {}
        for file in files:
            for distribution, tree in self._distributions(file).items():
                chosen.setdefault(distribution, tree)
        joined = Tree()
        for distribution in sorted(chosen):
            joined = joined.joined(chosen[distribution])
        return joined

    def _distributions(self, file: Path) -> Mapping[str, Tree]:
        requirements = read_requirements(file, self.platform.markers)
        if not requirements.lines:
            return {}
        folder = self.cache / self._key(requirements)
        if not folder.is_dir():
            self._fill(folder, requirements)
        return {_distribution(record): _owned(folder, record) for record in folder.glob("*.dist-info/RECORD")}

    def _key(self, requirements: Requirements) -> str:
        parts = (_FORMAT, self.platform.name, self.platform.python, *self.platform.tags, *requirements.lines)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    def _fill(self, folder: Path, requirements: Requirements) -> None:
        self.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.cache, prefix=".new-") as scratch:
            install(requirements, self.platform, Path(scratch))
            try:
                (Path(scratch) / "packages").rename(folder)
            except OSError:
                if not folder.is_dir():  # else another run was quicker, with the same result
                    raise


def _distribution(record: Path) -> str:
    return record.parent.name.removesuffix(".dist-info").partition("-")[0].lower()


def _owned(folder: Path, record: Path) -> Tree:
    """What one distribution brings that is of use at run time."""
    with record.open(encoding="utf-8", newline="") as lines:
        owned = {row[0] for row in csv.reader(lines) if row}
    return folder_tree(folder, leave_out=lambda name: name not in owned or not _is_of_use(name))


def _is_of_use(name: str) -> bool:
    path = PurePosixPath(name)
    if path.parts[0] == "bin":  # scripts for a shell; their first line names the builder's Python
        return False
    return not path.parts[0].endswith(".dist-info") or path.name in _KEPT_RECORDS or "licenses" in path.parts
