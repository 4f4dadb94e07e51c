"""Intervals hold what they promise: 95 times in 100, with and without stalls."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from lab.statistics.intervals import BLOCKS, Blocks, Floats, quantile, share

RATE, SECONDS = 100, 60
RUNS = 200
# With a true coverage of 95 %, fewer than 181 of 200 have a chance of 0.5 %, and 200 of 200 one of less than 0.01 %.
FEWEST = 181

Made = Callable[[np.random.Generator], Floats]


def _cuts(count: int) -> tuple[Blocks, ...]:
    return tuple(np.arange(count) * many // count for many in BLOCKS)


def independent(chance: np.random.Generator) -> Floats:
    return chance.lognormal(np.log(5), 0.6, RATE * SECONDS)


def two_humps(chance: np.random.Generator) -> Floats:
    """One in twenty goes another way, ten times as long."""
    count = RATE * SECONDS
    slow = chance.random(count) < 0.05
    return np.where(slow, chance.normal(50, 5, count), chance.normal(5, 1, count))


def stalls(chance: np.random.Generator) -> Floats:
    """Every two seconds on average nothing is answered for 50 to 200 ms, and all that is due waits for the end."""
    due = np.arange(RATE * SECONDS) / RATE
    values = chance.lognormal(np.log(5), 0.3, len(due))
    for start in chance.uniform(-0.2, SECONDS, chance.poisson((SECONDS + 0.2) / 2)):
        end = start + chance.uniform(0.05, 0.2)
        held = (due >= start) & (due < end)
        values[held] = np.maximum(values[held], (end - due[held]) * 1000 + 5)
    return values


def _held(made: Made, q: float, cuts: tuple[Blocks, ...]) -> Iterator[bool]:
    chance = np.random.default_rng(17)
    truth = float(np.quantile(np.concatenate([made(chance) for _ in range(300)]), q))
    for _ in range(RUNS):
        found = quantile(made(chance), cuts, q).estimate
        if found is not None:
            yield found.low <= truth <= found.high


@pytest.mark.parametrize("q", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("made", [independent, two_humps, stalls], ids=lambda made: made.__name__)
def test_the_true_quantile_lies_in_its_interval_95_times_in_100(made: Made, q: float) -> None:
    held = list(_held(made, q, _cuts(RATE * SECONDS)))
    assert len(held) >= 0.8 * RUNS, "an interval for nearly every run"
    assert sum(held) >= FEWEST / RUNS * len(held)


def test_intervals_that_take_requests_for_independent_miss_stalls() -> None:
    """Why there are blocks: this is what the tests above would not let pass."""
    one_each = (np.arange(RATE * SECONDS),)
    held = list(_held(stalls, 0.99, one_each))
    assert sum(held) < 0.7 * len(held)


def test_intervals_are_no_wider_than_they_need_be() -> None:
    values = independent(np.random.default_rng(3))
    found = quantile(values, _cuts(len(values)), 0.5).estimate
    assert found is not None
    assert found.high - found.low < 0.06 * found.value


@pytest.mark.parametrize(("q", "count"), [(0.5, 4), (0.99, 300), (0.999, 3_000)])
def test_too_few_samples_give_no_figure_but_how_many_would(q: float, count: int) -> None:
    values = np.random.default_rng(5).random(count)
    found = quantile(values, _cuts(count), q)
    assert found.estimate is None
    more = np.random.default_rng(6).random(4 * found.needs)
    assert quantile(more, _cuts(len(more)), q).estimate is not None


def test_nothing_has_no_quantile() -> None:
    assert quantile(np.zeros(0), tuple(np.zeros(0, dtype=np.int64) for _ in BLOCKS), 0.5).estimate is None


@pytest.mark.parametrize(("hits", "count"), [(0, 50), (1, 50), (25, 50), (50, 50)])
def test_a_share_lies_in_its_interval(hits: int, count: int) -> None:
    found = share(hits, count)
    assert 0 <= found.low <= hits / count <= found.high <= 1
    assert found.high - found.low < 0.3
