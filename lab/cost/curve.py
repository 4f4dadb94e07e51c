"""A platform's bill over the load."""

from __future__ import annotations

from typing import Final

from lab.cost.bill import Curve
from lab.cost.break_even import HIGHEST, LOWEST, Total

POINTS_A_DECADE: Final = 10


def curve(platform: str, total: Total) -> Curve:
    """Points at even steps of the load's logarithm, over the range in which break-even points are searched."""
    return Curve(platform=platform, points=tuple((float(at), float(total(at))) for at in loads()))


def loads() -> tuple[int, ...]:
    """Requests a month: 1,000, 1,259, … up to the highest."""
    found, step = [LOWEST], 0
    while found[-1] < HIGHEST:
        step += 1
        found.append(min(HIGHEST, round(LOWEST * 10 ** (step / POINTS_A_DECADE))))
    return tuple(found)
