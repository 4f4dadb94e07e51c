"""Instances that are kept warm: as few as keep what was promised."""

from __future__ import annotations

import random

import pytest

from lab.advice.warm import instances


@pytest.mark.parametrize("under_way", [0.0, 0.05, 3.0, 40.0, 499.0, 501.0, 2000.0])
def test_one_fewer_would_miss_the_promise(under_way: float) -> None:
    dice = random.Random(7)
    # As many met as arrivals in a time of that length, a thousand arrivals apart enough not to know of one another.
    met = [_poisson(dice, under_way) for _ in range(4_000)]

    count = instances(under_way, 0.01)

    def missed(there: int) -> float:
        return sum(busy >= there for busy in met) / len(met)

    assert missed(count) <= 0.016
    assert count == 1 or missed(count - 1) >= 0.005


def _poisson(dice: random.Random, mean: float) -> int:
    if mean > 30:
        return round(dice.gauss(mean, mean**0.5))
    passed, count = dice.expovariate(1.0), 0
    while passed < mean:
        passed += dice.expovariate(1.0)
        count += 1
    return count
