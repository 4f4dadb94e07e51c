"""What a comparison has measured so far. An interrupted one is put together from just this."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab.cold_starts.measure import ColdMeasurement
from lab.latency import TargetState
from lab.samples import Round
from lab.usage.usage import Usage


@dataclass(slots=True, kw_only=True)
class Climb:
    """The steps of rising load of one target, `step` seconds each. `ended` says why there are no more."""

    target: str
    endpoint: str
    step: float
    steps: list[Round] = field(default_factory=list)
    ended: str = "the comparison was ended before it fell behind"


@dataclass(slots=True, kw_only=True)
class Collected:
    """Grows while a comparison runs. `notes` are sentences for the report's method: what was left out, and why."""

    states: list[TargetState] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    climbs: list[Climb] = field(default_factory=list)
    cold: list[ColdMeasurement] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """All that were sent, but for the first look."""
        measured = sum(len(part.samples) for part in self.rounds)
        climbed = sum(len(step.samples) for climb in self.climbs for step in climb.steps)
        return measured + climbed + sum(cold.asked for cold in self.cold)
