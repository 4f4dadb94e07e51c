"""What a module imports, by its syntax tree, and which file of the repository that is."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from lab.lockin.source import Source

_BY_NAME: Final = frozenset({"import_module", "__import__"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One name that is imported: `module`, or something in it, `name`, which may be a module as well."""

    module: str
    name: str
    line: int

    @property
    def dotted(self) -> str:
        """All of it."""
        return f"{self.module}.{self.name}" if self.name else self.module


class Modules:
    """The modules of a repository by their dotted names, from each of its roots.

    A folder that is a root itself is no package of the root around it: what is deployed as the top of a package may
    bear the name of a vendor's own module.
    """

    def __init__(self, paths: Iterable[str], roots: Sequence[str]) -> None:
        bases = [PurePosixPath(root) for root in roots]
        self._names: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        for path in paths:
            for base in bases:
                if (name := _dotted(PurePosixPath(path), base, bases)) is not None:
                    self._paths.setdefault(name, path)
                    self._names.setdefault(path, name)
        parts = (name.split(".") for name in self._paths)
        self._packages = {".".join(each[:end]) for each in parts for end in range(1, len(each) + 1)}

    def path_of(self, imported: Import) -> str | None:
        """The file that the import reaches, None where it leads out of the repository."""
        for name in (imported.dotted, imported.module):
            if name in self._paths:
                return self._paths[name]
        return None

    def is_own(self, module: str) -> bool:
        """Whether the top of a dotted name is the repository's own."""
        return module.partition(".")[0] in self._packages

    def name_of(self, path: str) -> str:
        """The dotted name that a file is imported by; the path where it has none."""
        return self._names.get(path, path)

    def imports(self, source: Source) -> Iterator[Import]:
        """All imports of a module, inside functions and under TYPE_CHECKING too, relative ones made absolute, and
        those by a literal name (`import_module("boto3")`).
        """
        package = self._package_of(source.path)
        for node in ast.walk(source.tree):
            match node:
                case ast.Import(names=names):
                    yield from (Import(module=each.name, name="", line=node.lineno) for each in names)
                case ast.ImportFrom(module=module, names=names, level=level):
                    base = _absolute(module or "", level, package)
                    yield from (Import(module=base, name=each.name, line=node.lineno) for each in names)
                case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]) if _last(function) in _BY_NAME:
                    yield Import(module=name, name="", line=node.lineno)

    def _package_of(self, path: str) -> list[str]:
        parts = self._names[path].split(".") if path in self._names else []
        return parts if path.endswith("/__init__.py") else parts[:-1]


def _dotted(path: PurePosixPath, base: PurePosixPath, bases: Sequence[PurePosixPath]) -> str | None:
    if not path.is_relative_to(base):
        return None
    if any(other != base and other.is_relative_to(base) and path.is_relative_to(other) for other in bases):
        return None
    parts = path.relative_to(base).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(parts) or None


def _absolute(module: str, level: int, package: Sequence[str]) -> str:
    if not level:
        return module
    above = list(package[: len(package) - (level - 1)])
    return ".".join([*above, module] if module else above)


def _last(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
