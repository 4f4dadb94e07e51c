"""Where one platform stops being cheaper than another, as requests a month rise.

A bill is a stair: it rises in straight pieces, bends at tiers and jumps where a task is added, so two bills may cross
several times. Both never fall, which is what makes the search complete: between two loads they can only cross if the
one's range of bills there meets the other's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import sqrt
from typing import Final

from lab.cost.bill import BreakEven

LOWEST: Final = 1_000
HIGHEST: Final = 10_000_000_000
"""Requests a month between which is searched; the highest is 3,805 a second."""
FINEST: Final = 1.005
"""Two crossings nearer to one another than this ratio may be taken for none: no workload is known so well."""

Total = Callable[[int], Decimal]
"""USD for so many requests a month; never falls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """The first number of requests from which the cheaper of the two is another one. `first_is_cheaper` from there."""

    requests: int
    first_is_cheaper: bool


def crossings(
    first: Total, second: Total, *, lowest: int = LOWEST, highest: int = HIGHEST, finest: float = FINEST
) -> tuple[Crossing, ...]:
    """Where the first stops or starts being cheaper, in order. Equal bills count as the first's not being cheaper."""
    return tuple(_between(cache(first), cache(second), lowest, highest, finest))


def _between(first: Total, second: Total, low: int, high: int, finest: float) -> Iterator[Crossing]:
    if first(high) < second(low) or second(high) <= first(low):
        return
    if high <= low + 1 or high / low <= finest:
        at_high = first(high) < second(high)
        if (first(low) < second(low)) != at_high:
            yield Crossing(requests=_bisected(first, second, low, high), first_is_cheaper=at_high)
        return
    middle = min(max(int(sqrt(low * high)), low + 1), high - 1)
    yield from _between(first, second, low, middle, finest)
    yield from _between(first, second, middle, high, finest)


def _bisected(first: Total, second: Total, low: int, high: int) -> int:
    cheaper = first(low) < second(low)
    while high - low > 1:
        middle = (low + high) // 2
        if (first(middle) < second(middle)) == cheaper:
            low = middle
        else:
            high = middle
    return high


def break_even(below: str, above: str, first: Total, second: Total) -> BreakEven:
    """In words as well. `below` is the platform of `first`."""
    found = crossings(first, second)
    ends = [crossing for crossing in found if not crossing.first_is_cheaper]
    return BreakEven(
        below=below,
        above=above,
        requests=float(ends[0].requests) if ends else None,
        note=_note(below, above, found, first(LOWEST) < second(LOWEST)),
    )


def _note(below: str, above: str, found: tuple[Crossing, ...], at_first: bool) -> str:
    lower, upper = (below, above) if at_first else (above, below)
    if not found:
        return f"{lower} is cheaper at any load up to {in_words(HIGHEST)} requests a month."
    if len(found) == 1:
        return f"{lower} is cheaper below {in_words(found[0].requests)} requests a month, {upper} from there on."
    last = below if found[-1].first_is_cheaper else above
    between = f"{in_words(found[0].requests)} and {in_words(found[-1].requests)}"
    return (
        f"{lower} is cheaper at first; they change places {len(found)} times between {between} requests a month,"
        f" and {last} is cheaper from there on."
    )


def in_words(requests: float) -> str:
    """Three digits of it: `26.5 M`."""
    for size, letter in ((10**9, " G"), (10**6, " M"), (10**3, " k")):
        if requests >= size:
            return f"{requests / size:.3g}{letter}"
    return f"{requests:.3g}"
