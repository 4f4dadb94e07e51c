"""What ties a repository and its stack to each cloud, counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from lab.lockin.attribution import UNKNOWN, Attributed, attribute
from lab.lockin.findings import Capability, Cloud, Data, LockIn, Module
from lab.lockin.knowledge import Knowledge
from lab.lockin.layout import PORTABLE, SHARED, Layout
from lab.lockin.leaks import leaks_of
from lab.lockin.leaving import Leaving, in_words, times
from lab.lockin.repository import UNNAMED, Repository, Ties, read_repository
from lab.lockin.state import StackResource, read_state
from lab.lockin.tables import NAME, read_knowledge, read_layout
from lab.matrix import Row, read_matrix

FORMULA: Final = "portable lines / (portable lines + the cloud's own lines); what serves no cloud by itself is left out"
_NAMED: Final = 5


def analyse(folder: Path, state: Path | None = None, table: Path | None = None) -> LockIn:
    """`folder` is a repository, `state` a stack's export (`-`: standard input), `table` a lockin.toml other than the
    repository's own. Without a state no resource is counted. Raises InvalidRepositoryError and InvalidStateError.
    """
    layout, found = read_layout(folder, table)
    known = read_knowledge(layout)
    repository = read_repository(folder, layout, known)
    resources = read_state(state) if state is not None else None
    analysis = _Analysis(layout, known, repository, resources, read_matrix())
    return analysis.result(has_table=found is not None)


@dataclass(frozen=True)
class _Analysis:
    layout: Layout
    known: Knowledge
    repository: Repository
    stack: Sequence[StackResource] | None
    matrix: Sequence[Row]

    def result(self, *, has_table: bool) -> LockIn:
        portable = tuple(each.module for each in self.repository.of(PORTABLE))
        ties = Ties(self.repository, self.known)
        leaks = (
            leak
            for each in self.repository.of(PORTABLE)
            for leak in leaks_of(each.source, self.repository.modules, self.known, ties)
        )
        lines = _lines(portable)
        return LockIn(
            portable_modules=portable,
            portable_lines=lines,
            shared_lines=sum(each.source.lines for each in self.repository.of(SHARED)),
            leaks=tuple(leaks),
            clouds=tuple(self._cloud(name, lines) for name in self.clouds),
            formula=FORMULA,
            notes=tuple(self._notes(has_table=has_table)),
        )

    @cached_property
    def clouds(self) -> tuple[str, ...]:
        """Those with code, with a rule for code, or with resources, in the tables' order."""
        present = {each.place.belongs for each in self.repository.placed}
        present |= {rule.belongs for rule in self.layout.code}
        present |= {cloud for each in self.stack or () if (cloud := self.known.vendor_of_type(each.type)) is not None}
        return tuple(vendor.name for vendor in self.known.vendors if vendor.name in present)

    @cached_property
    def resources(self) -> tuple[Attributed, ...]:
        """Those of clouds. Where there is one cloud alone, counterparts are looked for on all that the tables know."""
        among = self.clouds if len(self.clouds) > 1 else tuple(vendor.name for vendor in self.known.vendors)
        found = (attribute(each, self.known, self.layout.component, among) for each in self.stack or ())
        return tuple(each for each in found if each is not None)

    def _cloud(self, cloud: str, portable_lines: int) -> Cloud:
        own = tuple(each.module for each in self.repository.of(cloud))
        lines = _lines(own)
        counted = portable_lines + lines
        return Cloud(
            name=cloud,
            capabilities=tuple(self._capability(cloud, name) for name in self._names(cloud)),
            own_modules=own,
            own_lines=lines,
            portable_share=portable_lines / counted if counted else None,
        )

    def _names(self, cloud: str) -> list[str]:
        found = [each.capability for each in self.resources if each.cloud == cloud]
        found += [each.place.serves or UNNAMED for each in self.repository.of(cloud)]
        listed = [each.name for each in self.known.capabilities]
        first = dict.fromkeys((*self.layout.capabilities, *(name for name in listed if name in found)))
        groups = sorted(name for name in {*found} - {*first} if name != UNKNOWN)
        return [*first, *groups, *({UNKNOWN} & {*found})]

    def _capability(self, cloud: str, name: str) -> Capability:
        resources = [each for each in self.resources if (each.cloud, each.capability) == (cloud, name)]
        modules = self._modules(cloud, name)
        others = self._others(cloud)
        is_capability = name in {each.name for each in self.known.capabilities}
        data = self._data(cloud, name, [each.resource.type for each in resources])
        differences = tuple(self._differences(cloud, name, others))
        leaving = Leaving(
            title=self.known.title(cloud),
            resources=resources,
            modules=modules,
            elsewhere={
                self.known.title(other): self._modules(other, name)
                for other in self.clouds
                if other != cloud and is_capability
            },
            others=others,
            data=data,
            differences=differences,
            has_state=self.stack is not None and is_capability,
        )
        return Capability(
            name=name,
            deployed=bool(resources or modules),
            resources=tuple(each.resource for each in resources),
            modules=modules,
            data=data,
            differences=differences,
            leaving=in_words(leaving),
        )

    def _modules(self, cloud: str, name: str) -> tuple[Module, ...]:
        return tuple(each.module for each in self.repository.of(cloud) if (each.place.serves or UNNAMED) == name)

    def _others(self, cloud: str) -> tuple[str, ...]:
        among = self.clouds if len(self.clouds) > 1 else tuple(vendor.name for vendor in self.known.vendors)
        return tuple(other for other in among if other != cloud)

    def _data(self, cloud: str, name: str, types: Sequence[str]) -> Data | None:
        rows = [row for row in self.known.data if (row.cloud, row.capability) == (cloud, name)]
        # A row's types count only where there are resources to tell by.
        fitting = [row for row in rows if not row.types or not types or {*row.types} & {*types}]
        for row in fitting[:1]:
            return Data(lives=row.lives, export=row.export, loses=row.loses, source=row.source)
        return None

    def _differences(self, cloud: str, name: str, others: Sequence[str]) -> Iterator[str]:
        for row in self.matrix:
            # The matrix has a field for each cloud that it knows.
            compares = hasattr(row, cloud) and any(hasattr(row, other) for other in others)
            if row.capability == name and compares and row.difference != "none":
                yield row.id

    def _notes(self, *, has_table: bool) -> Iterator[str]:
        yield "Lines of code: Python, without blank lines, comments and docstrings."
        if not has_table:
            yield (
                f"There is no {NAME}: modules are placed by the vendors' modules that they import alone, and tests, "
                "examples and documentation are not counted."
            )
        if self.stack is None:
            yield "No state was given, so resources are not counted: --state FILE, of `pulumi stack export`."
        else:
            for cloud in self.clouds:
                if not any(each.cloud == cloud for each in self.resources):
                    yield f"The state has no resource of {self.known.title(cloud)}."
            foreign = len(self.stack) - len(self.resources)
            if foreign:
                yield f"{times(foreign, 'resource')} of no cloud's package left out."
        unknown = sorted({each.resource.type for each in self.resources if each.role is None})
        for what, said in (
            ("Types that no table knows", unknown),
            (f"Files that no rule of {NAME} fits, not counted", self.repository.unplaced),
            ("Files that are no Python, not counted", self.repository.unreadable),
            ("Code in other languages, not counted", self.repository.other_languages),
        ):
            if said:
                more = f" and {len(said) - _NAMED} more" if len(said) > _NAMED else ""
                yield f"{what}: {', '.join(said[:_NAMED])}{more}."


def _lines(modules: Sequence[Module]) -> int:
    return sum(module.lines for module in modules)
