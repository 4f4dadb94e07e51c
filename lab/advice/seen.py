"""What an earlier comparison measured, as advice uses it: a cloud's figures count, an emulator's are only shown."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Literal

from lab.advice.words import ms
from lab.estimate import Estimate
from lab.latency import Latency

_TAIL = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One target: the p99 of its slowest cell (warm requests) and the median of its cold starts, in milliseconds."""

    target: str
    origin: Literal["emulator", "cloud"]
    p99: Estimate | None
    where: str
    """The cell of that p99."""
    cold_ms: float | None
    cold_samples: int

    @property
    def decides(self) -> bool:
        """Whether its figures say anything about a cloud's latency."""
        return self.origin == "cloud"

    @property
    def sentence(self) -> str:
        """With its origin."""
        parts = []
        if self.p99 is not None:
            parts.append(f"p99 {ms(self.p99.value)} ({ms(self.p99.low)} to {ms(self.p99.high)}) at {self.where}")
        if self.cold_ms is not None:
            parts.append(f"cold starts {ms(self.cold_ms)} in the median of {self.cold_samples}")
        said = f"Measured on {self.target} ({self.origin}): {', '.join(parts) or 'nothing'}"
        return f"{said}." if self.decides else f"{said}; an emulator's figures decide nothing here."


def seen(latency: Latency) -> tuple[Seen, ...]:
    """One for each target that answered."""
    return tuple(_seen(latency, each.name, each.origin) for each in latency.targets if each.state == "ok")


def _seen(latency: Latency, name: str, origin: Literal["emulator", "cloud"]) -> Seen:
    tails = [
        (quantile.estimate, f"{cell.endpoint}, {cell.level}")
        for cell in latency.cells
        for quantile in cell.quantiles
        if cell.target == name and quantile.q == _TAIL and quantile.estimate is not None
    ]
    worst, where = max(tails, key=lambda tail: tail[0].value) if tails else (None, "")
    values = [value for cold in latency.cold_starts if cold.target == name for value in cold.values]
    return Seen(
        target=name,
        origin=origin,
        p99=worst,
        where=where,
        cold_ms=median(values) if values else None,
        cold_samples=len(values),
    )
