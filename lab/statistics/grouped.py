"""Which rounds belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.samples import Round

Key = tuple[str, str, str]
"""Target, endpoint and level."""


def grouped(rounds: Sequence[Round]) -> Mapping[Key, list[Round]]:
    """Rounds of one (target, endpoint, level): by endpoint and target by name, by level by rate."""
    found: dict[Key, list[Round]] = {}
    for done in sorted(rounds, key=lambda one: (one.endpoint, rate(one.level), one.target, one.number)):
        found.setdefault((done.target, done.endpoint, done.level), []).append(done)
    return found


def rate(level: str) -> float:
    """Requests a second of a level by its name (lab/scenario.py)."""
    return float(level.partition("/")[0])
