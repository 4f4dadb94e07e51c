"""The code of a repository, each counted file in exactly one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lab.errors import InvalidRepositoryError
from lab.lockin.files import files
from lab.lockin.findings import Module
from lab.lockin.imports import Modules
from lab.lockin.knowledge import Knowledge, is_within
from lab.lockin.layout import PORTABLE, SHARED, Layout, Place, fits, place
from lab.lockin.source import Source, UnreadableError, read_source

UNNAMED: Final = "own code"
"""The group of a cloud's modules whose capability nothing says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A counted file, and whose it is."""

    source: Source
    place: Place

    @property
    def module(self) -> Module:
        """As findings name it."""
        return Module(path=self.source.path, lines=self.source.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """`placed` are the counted files, by path; `unplaced` fit no rule; `unreadable` say where and why;
    `other_languages` lie in counted folders and are not Python's.
    """

    folder: Path
    modules: Modules
    placed: tuple[Placed, ...]
    unplaced: tuple[str, ...]
    unreadable: tuple[str, ...]
    other_languages: tuple[str, ...]

    def of(self, belongs: str) -> tuple[Placed, ...]:
        """The files of a cloud, the portable or the shared ones."""
        return tuple(each for each in self.placed if each.place.belongs == belongs)


def read_repository(folder: Path, layout: Layout, known: Knowledge) -> Repository:
    """A layout without rules places files by the vendors that they import. Raises InvalidRepositoryError."""
    if not folder.is_dir():
        raise InvalidRepositoryError(f"{folder} is no folder; name the one that a repository lies in")
    found = list(files(folder))
    modules = Modules((path for path in found if path.endswith(".py")), layout.roots)
    counted = [path for path in found if not any(fits(path, pattern) for pattern in layout.not_counted)]
    placed: list[Placed] = []
    unplaced: list[str] = []
    unreadable: list[str] = []
    other: list[str] = []
    for path in counted:
        where = place(path, layout.code, known.capabilities)
        if not path.endswith(".py"):
            other += [path] if where or not layout.code else []
            continue
        if where is None and layout.code:
            unplaced.append(path)
            continue
        try:
            source = read_source(folder, path)
        except UnreadableError as error:
            unreadable.append(str(error))
            continue
        placed.append(Placed(source=source, place=where or _by_imports(source, modules, known)))
    return Repository(
        folder=folder,
        modules=modules,
        placed=tuple(placed),
        unplaced=tuple(unplaced),
        unreadable=tuple(unreadable),
        other_languages=tuple(other),
    )


def _by_imports(source: Source, modules: Modules, known: Knowledge) -> Place:
    names = list(_foreign(source, modules))
    clouds = {cloud for name in names if (cloud := known.vendor_of_module(name)) is not None}
    if len(clouds) == 1:
        return Place(belongs=clouds.pop(), serves=UNNAMED)
    builds = any(is_within(name, known.infrastructure) for name in names)
    return Place(belongs=SHARED if clouds or builds else PORTABLE, serves="")


def _foreign(source: Source, modules: Modules) -> Iterator[str]:
    for each in modules.imports(source):
        if modules.path_of(each) is None and not modules.is_own(each.module):
            yield each.dotted


class Ties:
    """How files that are not portable are tied to a cloud: as its own, or by what they import."""

    def __init__(self, repository: Repository, known: Knowledge) -> None:
        self._repository = repository
        self._known = known
        self._placed = {each.source.path: each for each in repository.placed}
        self._ties: dict[str, str | None] = {}

    def __call__(self, path: str) -> str | None:
        """In words, None where it is portable itself, or tied to none."""
        placed = self._placed.get(path)
        if placed and placed.place.belongs == PORTABLE:
            return None
        if placed and placed.place.belongs != SHARED:
            return f"which is {self._known.title(placed.place.belongs)}'s own"
        if path not in self._ties:
            self._ties[path] = None  # what imports itself in a circle is not tied by that
            self._ties[path] = self._by_imports(path, placed)
        return self._ties[path]

    def _by_imports(self, path: str, placed: Placed | None) -> str | None:
        modules = self._repository.modules
        try:
            source = placed.source if placed else read_source(self._repository.folder, path)
        except UnreadableError:
            return None
        for each in modules.imports(source):
            inner = modules.path_of(each)
            if inner is None:
                if not modules.is_own(each.module) and self._known.vendor_of_module(each.dotted):
                    return f"which imports {each.module}"
            elif inner != path and (why := self(inner)) is not None:
                # Only the end of the way is said, however long it is.
                return f"which leads to {modules.name_of(inner)}, {why}" if "leads to" not in why else why
        return None
