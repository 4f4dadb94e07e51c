"""A figure with its interval."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What was measured and its 95 % interval, in the unit that the field says."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """One quantile (0 to 1) of latencies in milliseconds; None where there were fewer than `needs` samples."""

    q: float
    estimate: Estimate | None
    needs: int
