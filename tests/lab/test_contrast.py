"""Intervals of differences and ratios from the two estimates' own."""

import math
import random

import pytest

from lab.contrast import difference, ratio
from lab.estimate import Estimate


def test_equal_symmetric_intervals_widen_by_the_root_of_two() -> None:
    found = difference(Estimate(value=10, low=9, high=11), Estimate(value=13, low=12, high=14))
    assert found == Estimate(value=3, low=3 - math.sqrt(2), high=3 + math.sqrt(2))


def test_each_side_takes_the_sides_that_can_push_it_there() -> None:
    found = difference(Estimate(value=10, low=10, high=14), Estimate(value=20, low=17, high=20))
    assert found == Estimate(value=10, low=5, high=10)


def test_a_ratio_against_what_may_be_nothing_is_none() -> None:
    assert ratio(Estimate(value=1, low=0, high=2), Estimate(value=1, low=0.5, high=2)) is None
    found = ratio(Estimate(value=2, low=2, high=2), Estimate(value=3, low=2.5, high=4))
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((1.5, 1.25, 2))


def test_holds_the_true_difference_95_times_in_100() -> None:
    chance = random.Random(6)

    def measured(mean: float, spread: float) -> Estimate:
        value = chance.gauss(mean, spread)
        return Estimate(value=value, low=value - 1.96 * spread, high=value + 1.96 * spread)

    pairs = (difference(measured(50, 2), measured(53, 5)) for _ in range(4000))
    held = sum(found.low <= 3 <= found.high for found in pairs) / 4000
    assert held == pytest.approx(0.95, abs=0.015)
