"""What a comparison is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lab.scenario import Caps, Scenario
from lab.targets import Target

# Of a comparison's seconds: most for the figures that are compared, enough of the rest that each target climbs its
# steps and starts some instances.
LOAD_SHARE, KNEE_SHARE, COLD_SHARE = 0.6, 0.15, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`seconds` bounds the measuring; `rounds` is how often each target gets each load; `seed` makes order and arrivals
    the same again.
    """

    title: str
    command: str
    targets: tuple[Target, ...]
    scenario: Scenario
    reports: Path
    seconds: float = 150
    rounds: int = 5
    seed: int = 1
    caps: Caps = field(default_factory=Caps)
    cold_count: int = 10
    prices: tuple[Path, ...] = ()
    folder: Path | None = None
    """The repository whose code is looked through for what ties it to a cloud."""
    state: Path | None = None
