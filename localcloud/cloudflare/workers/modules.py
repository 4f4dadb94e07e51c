"""Modules as files: one folder a version, below which they have their uploaded names."""

import os
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from localcloud.cloudflare.workers.upload import Module


class ModuleFiles:
    """`ROOT/SCRIPT/VERSION/modules/NAME`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def folder(self, script: str, version: str) -> Path:
        return self._root / script / version

    def write(self, script: str, version: str, modules: Sequence[Module]) -> list[Path]:
        """Returns what `sync` must be given before a row may name the version."""
        top = self.folder(script, version) / "modules"
        folders = {self._root, self._root / script, top.parent, top}
        for module in modules:
            path = top / module.name
            folders.update(path.parents[: len(path.relative_to(top).parts)])
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(module.content)
        return [top / module.name for module in modules] + sorted(folders)

    def copy(self, script: str, before: str, version: str) -> list[Path]:
        """The same modules for a further version. The files are shared, as none is ever written again."""
        top = self.folder(script, version)
        shutil.copytree(self.folder(script, before), top, copy_function=os.link)
        return [path for path in (top.parent, top, *top.rglob("*")) if path.is_dir()]

    def sync(self, paths: Sequence[Path]) -> None:
        """Returns when all is on the disk: about 2 ms a file, so a good thing to do while the script starts."""
        for path in paths:
            _sync(path)

    def read(self, script: str, version: str, name: str) -> bytes:
        return (self.folder(script, version) / "modules" / name).read_bytes()

    def delete(self, script: str, version: str) -> None:
        shutil.rmtree(self.folder(script, version), ignore_errors=True)

    def sweep(self, known: Collection[tuple[str, str]]) -> None:
        """Deletes what no row names: uploads that were refused or cut short, and scripts that were deleted."""
        for folder in self._root.glob("*/*"):
            if (folder.parent.name, folder.name) not in known:
                shutil.rmtree(folder, ignore_errors=True)
        for script in self._root.glob("*"):
            if script.is_dir() and not any(script.iterdir()):
                script.rmdir()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
