"""How targets differ under the same load.

Rounds of one load visit all targets one right after the other, so what drifts meanwhile meets them alike. The interval
of a difference is therefore that of the difference itself over the rounds that both have: each is left out for both in
turn (lab/statistics/between_rounds.py). In our simulation it held the true difference in 92 to 98 of 100 runs, whether
requests were independent or stalled, and rounds alike, drifting together or each by itself. A single round has nothing
to be left out: there the two quantiles' own intervals are combined (lab/contrast.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Final

import numpy as np

from lab.contrast import difference, is_shown, ratio
from lab.estimate import Estimate
from lab.latency import Difference
from lab.samples import Round
from lab.statistics.between_rounds import Numbers, half_width
from lab.statistics.columns import Columns, columns
from lab.statistics.grouped import Key, grouped
from lab.statistics.intervals import quantile

COMPARED: Final = (0.5, 0.9, 0.99)
_LEAST: Final = 0.001
"""Milliseconds that a sample can tell from none."""


def differences(rounds: Sequence[Round]) -> tuple[Difference, ...]:
    """Of all pairs of targets that share a load, at the quantiles that both can tell."""
    loads: dict[tuple[str, str], list[tuple[Key, Columns]]] = {}
    for key, together in grouped(rounds).items():
        _, endpoint, level = key
        loads.setdefault((endpoint, level), []).append((key, columns(together).only_warm()))
    return tuple(
        found
        for each in loads.values()
        for (first, one), (second, other) in combinations(each, 2)
        for found in _differences(first, second, one, other)
    )


def _differences(first: Key, second: Key, one: Columns, other: Columns) -> Iterator[Difference]:
    for q in COMPARED:
        left, right = (quantile(data.latency, data.blocks, q).estimate for data in (one, other))
        if left is None or right is None:
            continue
        times = ratio(left, right)
        if times is None:
            continue
        gap = difference(left, right)
        shared = np.intersect1d(one.numbers, other.numbers)
        if len(shared) > 1:
            gap, times = _over_rounds(shared, one, other, q)
        yield Difference(
            endpoint=first[1],
            level=first[2],
            first=first[0],
            second=second[0],
            q=q,
            difference=gap,
            ratio=times,
            shown=is_shown(gap),
        )


def _over_rounds(shared: Numbers, one: Columns, other: Columns, q: float) -> tuple[Estimate, Estimate]:
    """The difference and the ratio."""

    def at(data: Columns, kept: Numbers) -> float:
        left_out = np.isin(data.numbers, np.setdiff1d(shared, kept))
        return max(_LEAST, float(np.quantile(data.latency[~left_out], q)))

    gap = _interval(shared, lambda kept: at(other, kept) - at(one, kept))
    logs = _interval(shared, lambda kept: math.log(at(other, kept) / at(one, kept)))
    return gap, Estimate(value=math.exp(logs.value), low=math.exp(logs.low), high=math.exp(logs.high))


def _interval(shared: Numbers, figure: Callable[[Numbers], float]) -> Estimate:
    value, half = figure(shared), half_width(shared, figure)
    return Estimate(value=value, low=value - half, high=value + half)
