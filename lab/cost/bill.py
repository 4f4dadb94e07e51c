"""What a platform costs for a workload: the results that the cost model makes and that reports show."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One priced dimension in one month. Money is USD; `quantity` and `included` (the free tier, 0 where it is off) are
    in `unit`. `doubt` says why the price is not to be trusted blindly (unverified, old), None where nothing is.
    """

    capability: str
    dimension: str
    quantity: float
    included: float
    unit: str
    price: str
    """In words, tiers included: `0.20 per 1 M`."""
    amount: float
    source: str
    date: datetime.date | None
    doubt: str | None
    deployed: bool = True
    """False: a capability that the workload uses and that is not deployed yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One platform's month, its lines in the price table's order."""

    platform: str
    title: str
    kind: Literal["serverless", "always-on"]
    region: str
    lines: tuple[Line, ...]
    total: float
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """USD a month over requests a month, all else of the workload in proportion."""

    platform: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """Where `below` stops being the cheaper of the two: at `requests` a month, None where it never does (or always)."""

    below: str
    above: str
    requests: float | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Bills of one workload, curves and break-even points. `workload` is its figures by name, `origin` where each is
    from (measured, given, assumed).
    """

    workload: Mapping[str, float | str | bool]
    origin: Mapping[str, str]
    bills: tuple[Bill, ...]
    curves: tuple[Curve, ...]
    break_even: tuple[BreakEven, ...]
    notes: tuple[str, ...]
