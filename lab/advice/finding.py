"""Advice: the results that the decision table makes and that reports show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One rule of the decision table, applied to a workload. Those that do not apply say why as well."""

    rule: str
    """Its stable id."""
    when: str
    applies: bool
    choose: str
    because: tuple[str, ...]
    """The numbers behind it, as sentences."""
    changes: str
    """What would change it."""
    sources: tuple[str, ...]
