"""How two independent estimates differ, with an interval that is made of theirs.

MOVER: G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a general approach",
Statistics in Medicine 27, 2008, 1693-1702; for ratios on logarithms. Intervals need not be symmetric.
"""

from __future__ import annotations

import math

from lab.estimate import Estimate


def difference(first: Estimate, second: Estimate) -> Estimate:
    """`second` minus `first`."""
    value = second.value - first.value
    return Estimate(
        value=value,
        low=value - math.hypot(second.value - second.low, first.high - first.value),
        high=value + math.hypot(second.high - second.value, first.value - first.low),
    )


def ratio(first: Estimate, second: Estimate) -> Estimate | None:
    """`second` over `first`; None where one of them may be 0."""
    if first.low <= 0 or second.low <= 0:
        return None
    logs = difference(_log(first), _log(second))
    return Estimate(value=second.value / first.value, low=math.exp(logs.low), high=math.exp(logs.high))


def is_shown(difference_: Estimate) -> bool:
    """Whether the interval leaves 0 out."""
    return not difference_.low <= 0 <= difference_.high


def _log(estimate: Estimate) -> Estimate:
    return Estimate(value=math.log(estimate.value), low=math.log(estimate.low), high=math.log(estimate.high))
