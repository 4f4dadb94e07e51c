"""Figures in words: as many digits as are worth reading, the unit, the interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from lab.estimate import Estimate
from lab.report.measures import Unit

MINUS: Final = "\N{MINUS SIGN}"
_MOST_DECIMALS: Final = 6
_MILLION: Final = 1e6


def number(value: float, *, digits: int = 3) -> str:
    """Three significant digits, thousands apart, never in powers of ten: 1,250, 12.5, 0.031."""
    if not math.isfinite(value):
        return "without end" if value > 0 else f"{MINUS}without end"
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{round(value, decimals):,.{min(decimals, _MOST_DECIMALS)}f}"
    if abs(value) < 1:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def large(value: float) -> str:
    """`7.45 million` from a million on; below that as `number` says it, but whole."""
    return f"{number(value / _MILLION)} million" if abs(value) >= _MILLION else f"{value:,.0f}"


def amount(estimate: Estimate, unit: Unit, *, signed: bool = False) -> str:
    """`12.5 ms (12.1 to 13.0)`; what has no width stands alone."""
    alone = one(estimate.value, unit, signed=signed)
    return (
        alone if estimate.low == estimate.value == estimate.high else f"{alone} ({span(estimate, unit, signed=signed)})"
    )


def span(estimate: Estimate, unit: Unit, *, signed: bool = False) -> str:
    """`12.1 to 13.0`: the interval, in the unit that stands before it."""
    return f"{_bare(estimate.low, unit, signed=signed)} to {_bare(estimate.high, unit, signed=signed)}"


def one(value: float, unit: Unit, *, signed: bool = False) -> str:
    """One value with its unit."""
    bare = _bare(value, unit, signed=signed)
    match unit:
        case "share":
            return f"{bare} %"
        case "/s":
            return f"{bare}/s"
        case "count":
            return bare
        case "USD":
            return f"{bare} USD"
    return f"{bare} {unit}"


def share(parts: Estimate) -> str:
    """`36 % (34 to 38)`: parts of 1 in per cent, which need no more than two digits."""
    value, low, high = (number(each * 100, digits=2) for each in (parts.value, parts.low, parts.high))
    return f"{value} % ({low} to {high})"


def times(count: int, noun: str) -> str:
    """`1 price`, `2 prices`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def place_words(place: Mapping[str, str]) -> str:
    """`aws, echo at 50/s on 8`."""
    values = dict(place)
    level = values.pop("level", None)
    return ", ".join(values.values()) + (f" at {level}" if level else "")


def _bare(value: float, unit: Unit, *, signed: bool) -> str:
    match unit:
        case "share":
            text = number(value * 100)
        case "USD":
            text = f"{value:,.2f}".replace("-", MINUS) if math.isfinite(value) else number(value)
        case "lines" | "count":
            text = f"{value:,.0f}".replace("-", MINUS) if math.isfinite(value) else number(value)
        case _:
            text = number(value)
    return f"+{text}" if signed and value > 0 else text
