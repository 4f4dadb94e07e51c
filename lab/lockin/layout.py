"""Whose the parts of a repository are: what its lockin.toml says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from lab.lockin.knowledge import CapabilityName, Kept, Role, Vendor

PORTABLE: Final = "portable"
SHARED: Final = "shared"
CAPABILITY: Final = "{capability}"
"""In a pattern of files: any word of a capability, which the file then serves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Files, by patterns (`*` within a folder, `**` through folders), and whose they are: `portable`, `shared`, or a
    cloud. `serves` is a capability, or the name of a group of what serves all of them.
    """

    files: tuple[str, ...]
    belongs: str
    serves: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component's type token: resources below it belong to this capability, whatever their own types say."""

    type: str
    capability: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One lockin.toml. `roots` are the folders that modules are named from; `capabilities` are those that have a row
    even where nothing of them is there yet; the first rule of `code` that fits a file holds. The rest adds to the
    lab's own tables.
    """

    roots: tuple[str, ...] = (".",)
    capabilities: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()
    code: tuple[Rule, ...] = ()
    component: tuple[Component, ...] = ()
    capability: tuple[CapabilityName, ...] = ()
    vendor: tuple[Vendor, ...] = ()
    role: tuple[Role, ...] = ()
    data: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose a file is, and what it serves."""

    belongs: str
    serves: str


def place(path: str, rules: Sequence[Rule], capabilities: Iterable[CapabilityName]) -> Place | None:
    """Where the rules put a file, `path` from the repository's root with slashes; None where none fits."""
    words = [(word, each.name) for each in capabilities for word in each.words]
    for rule in rules:
        for pattern in rule.files:
            if CAPABILITY not in pattern:
                if fits(path, pattern):
                    return Place(belongs=rule.belongs, serves=rule.serves)
                continue
            for word, capability in words:
                if fits(path, pattern.replace(CAPABILITY, word)):
                    return Place(belongs=rule.belongs, serves=capability)
    return None


def fits(path: str, pattern: str) -> bool:
    """Whether a path is one that the pattern means."""
    return _expression(pattern).fullmatch(path) is not None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*)", pattern)))
