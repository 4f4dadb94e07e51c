"""Where whole rounds differ, intervals say so."""

import numpy as np
import pytest

from lab.estimate import Estimate, Quantile
from lab.statistics.between_rounds import widened
from lab.statistics.intervals import BLOCKS, Blocks, Floats, quantile

EACH = 250
RUNS = 200
# With a true coverage of 93 %, fewer than 175 of 200 have a chance of 0.2 %.
FEWEST = 175


def _rounds(chance: np.random.Generator, many: int, spread: float) -> Floats:
    return np.concatenate([chance.lognormal(chance.normal(1.6, spread), 0.3, EACH) for _ in range(many)])


def _cuts(many: int) -> tuple[tuple[Blocks, ...], Blocks]:
    rounds = np.repeat(np.arange(many), EACH)
    return tuple(np.arange(many * EACH) * blocks // (many * EACH) for blocks in BLOCKS), rounds


@pytest.mark.parametrize("q", [0.5, 0.9])
@pytest.mark.parametrize("spread", [0.0, 0.03, 0.1])
def test_the_true_quantile_of_rounds_that_differ_lies_in_its_interval(spread: float, q: float) -> None:
    chance = np.random.default_rng(5)
    truth = float(np.quantile(_rounds(chance, 4_000, spread), q))
    cuts, rounds = _cuts(6)
    held = {"blocks": 0, "both": 0}
    for _ in range(RUNS):
        values = _rounds(chance, 6, spread)
        within = quantile(values, cuts, q)
        for name, found in (("blocks", within.estimate), ("both", widened(within, values, rounds).estimate)):
            held[name] += found is not None and found.low <= truth <= found.high
    assert held["both"] >= FEWEST
    if spread == 0.1:
        assert held["blocks"] < FEWEST, "blocks alone would not do"


def test_an_interval_stays_within_what_was_seen() -> None:
    values = np.concatenate([np.full(50, 400.0), np.full(50, 20.0)])
    found = Quantile(q=0.9, estimate=Estimate(value=400, low=399, high=400), needs=10)
    estimate = widened(found, values, np.repeat([0, 1], 50)).estimate
    assert estimate == Estimate(value=400, low=20, high=400)


def test_one_round_has_nothing_to_differ_from() -> None:
    given = Quantile(q=0.5, estimate=Estimate(value=3, low=2, high=4), needs=5)
    assert widened(given, np.arange(9.0), np.full(9, 7)) is given


def test_no_figure_stays_none() -> None:
    none = Quantile(q=0.99, estimate=None, needs=400)
    assert widened(none, np.ones(3), np.zeros(3, dtype=np.int64)) is none
