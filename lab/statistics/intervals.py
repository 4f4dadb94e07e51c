"""Quantiles with intervals that hold when requests are not independent.

A stall delays a run of requests, and so does a queue: a sample of ten thousand may tell as little of a p99 as a dozen
independent ones. A plain bootstrap does not see that; in our simulation its 95 % intervals held the true p99 in 37 of
100 runs with stalls. So the bootstrap is over blocks of time, long enough that what happens in one says little of the
next.

What is resampled is the share of requests above the quantile, whose variance over blocks has a closed form, so that no
random draws are needed; its interval, with Student's t for the number of blocks, is turned back into milliseconds by
the samples themselves (R. S. Woodruff, Confidence Intervals for Medians and Other Position Measures, JASA 47, 1952).
Resampling the quantile itself covers less with few blocks: 82 to 92 % in the same simulation.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from lab.estimate import Estimate, Quantile

Floats = npt.NDArray[np.float64]
Blocks = npt.NDArray[np.int64]

BLOCKS: Final = (20, 10)
"""How many blocks a cell's time is cut into; the count that gives the wider interval counts."""

# Student's t, two-sided 95 %, by degrees of freedom: the next lower one that stands here is taken.
_T: Final = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228, 12: 2.179,
    15: 2.131, 17: 2.110, 19: 2.093, 24: 2.064, 29: 2.045, 39: 2.023, 59: 2.001,
}  # fmt: skip
_Z: Final = 1.96


def t_value(degrees: int) -> float:
    """Student's t for a 95 % interval."""
    return _T[max(known for known in _T if known <= max(1, degrees))]


def quantile(values: Floats, blocks: tuple[Blocks, ...], q: float) -> Quantile:
    """The quantile of latencies and its interval, in their own unit. `blocks`: for each way to cut the time, the block
    that each value lies in.

    None where the samples cannot bound it from above: fewer than `needs` of them.
    """
    count = len(values)
    if count == 0:
        return Quantile(q=q, estimate=None, needs=needed(q, 1.0, BLOCKS[0]))
    ordered = np.sort(values)
    value = float(np.quantile(ordered, q))
    half, needs = _half_width(values > value, blocks, q)
    if q + half >= 1 or count < needs:
        return Quantile(q=q, estimate=None, needs=max(needs, count + 1))
    low = ordered[max(0, math.floor((q - half) * count) - 1)] if q > half else ordered[0]
    high = ordered[min(count - 1, math.ceil((q + half) * count))]
    return Quantile(q=q, estimate=Estimate(value=value, low=float(low), high=float(high)), needs=needs)


def needed(q: float, effect: float, blocks: int) -> int:
    """How many samples bound the quantile on both sides, where each counts for 1/`effect` independent ones."""
    tail = min(q, 1 - q)
    return math.ceil(t_value(blocks - 1) ** 2 * max(q, 1 - q) / tail * effect) + 1


def design_effect(above: npt.NDArray[np.bool_], blocks: Blocks) -> float:
    """How many samples are worth one independent one: the variance of the share of `above` over blocks, over what it
    would be were they independent; never less than 1.
    """
    share = float(above.mean()) if len(above) else 0.0
    if share in (0.0, 1.0):
        return 1.0
    sizes = np.bincount(blocks)
    used = sizes > 0
    many = int(used.sum())
    if many < 2:
        return float(len(above))
    residuals = np.bincount(blocks, above.astype(np.float64))[used] - sizes[used] * share
    variance = float((residuals**2).sum()) * many / (many - 1)
    return max(1.0, variance / (len(above) * share * (1 - share)))


def _half_width(above: npt.NDArray[np.bool_], blocks: tuple[Blocks, ...], q: float) -> tuple[float, int]:
    """Of the share's interval, and how many samples it needs."""
    widest, needs = 0.0, 2
    for cut in blocks:
        many = len(np.unique(cut))
        effect = design_effect(above, cut)
        half = t_value(many - 1) * math.sqrt(q * (1 - q) * effect / len(above))
        widest, needs = max(widest, half), max(needs, needed(q, effect, many))
    return widest, needs


def share(hits: int, count: int, *, effect: float = 1.0) -> Estimate:
    """A share of events with its interval (E. B. Wilson, JASA 22, 1927), 0 to 1, where each event counts for 1/`effect`
    independent ones.
    """
    if count == 0:
        return Estimate(value=0.0, low=0.0, high=1.0)
    p, z2 = hits / count, _Z**2
    worth = count / effect
    middle = (p + z2 / (2 * worth)) / (1 + z2 / worth)
    half = _Z / (1 + z2 / worth) * math.sqrt(p * (1 - p) / worth + z2 / (4 * worth**2))
    return Estimate(value=p, low=max(0.0, middle - half) if hits else 0.0, high=min(1.0, middle + half))
