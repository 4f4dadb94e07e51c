"""What ties an application to a cloud: the results that the lock-in analysis makes and that reports show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A source file and its lines of code (no blank lines, comments or docstrings)."""

    path: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource of the stack. `counterpart` is the type of what does the same on another cloud (of several, joined by
    ` or `), None where nothing does.
    """

    name: str
    type: str
    counterpart: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Where a capability's data lives, how it gets out, and what meaning it loses elsewhere."""

    lives: str
    export: str
    loses: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One capability on one cloud: what leaving this cloud would take. What serves all capabilities alike follows them
    as groups of the same form (`entry point`), so that each module and each resource of a cloud is in exactly one.
    """

    name: str
    deployed: bool
    resources: tuple[Resource, ...]
    modules: tuple[Module, ...]
    """What would have to be written anew."""
    data: Data | None
    differences: tuple[str, ...]
    """Ids of rows of the feature matrix."""
    leaving: str
    """In words, with the counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Portable code that knows a cloud: a vendor's import, or the shape of its events."""

    path: str
    line: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """One cloud. `portable_share` is portable lines / (portable lines + this cloud's own lines), 0 to 1; None where
    there is no code to count.
    """

    name: str
    capabilities: tuple[Capability, ...]
    own_modules: tuple[Module, ...]
    own_lines: int
    portable_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockIn:
    """All of it. `shared` is what belongs to no cloud and is not the application (the program, packaging)."""

    portable_modules: tuple[Module, ...]
    portable_lines: int
    shared_lines: int
    leaks: tuple[Leak, ...]
    clouds: tuple[Cloud, ...]
    formula: str
    notes: tuple[str, ...]
