"""Differences between targets, over rounds that both have."""

from collections.abc import Iterable, Sequence

import numpy as np

from lab.estimate import Estimate
from lab.samples import Round, Sample
from lab.statistics.differences import differences
from lab.statistics.summary import cells

_SAMPLE = Sample(
    intended=0, late=0, name=-1, connect=-1, tls=-1, first_byte=0, body=0, service=0, latency=0, status=200, error="",
    instance="i", instance_requests=2, received=2, in_flight=1,
)  # fmt: skip
RUNS = 100
# With a true share of 5 %, more than 11 of 100 have a chance of 0.4 %.
MOST = 11


def _rounds(chance: np.random.Generator, target: str, medians: Iterable[float]) -> list[Round]:
    return [
        Round(
            target, "GET /", "100/s on 4", number, number * 5_000_000,
            tuple(
                _SAMPLE._replace(intended=number * 5_000_000 + place * 10_000, latency=round(1000 * value))
                for place, value in enumerate(chance.lognormal(np.log(median), 0.3, 200))
            ),
        )
        for number, median in enumerate(medians)
    ]  # fmt: skip


def _median(rounds: Sequence[Round]) -> tuple[Estimate, bool]:
    found = differences(rounds)[0]
    return found.difference, found.shown


def test_rounds_that_differ_by_themselves_are_no_difference_between_targets() -> None:
    chance, shown = np.random.default_rng(8), 0
    for _ in range(RUNS):
        first, second = (10 * np.exp(chance.normal(0, 0.1, 6)) for _ in range(2))
        shown += _median([*_rounds(chance, "a", first), *_rounds(chance, "b", second)])[1]
    assert shown <= MOST


def test_what_drifts_for_both_hides_no_difference() -> None:
    """Rounds of 5 to 20 ms, and 15 % between the targets in each of them."""
    chance = np.random.default_rng(9)
    drift = np.array([5, 20, 8, 12, 6, 16])
    rounds = [*_rounds(chance, "a", drift), *_rounds(chance, "b", 1.15 * drift)]
    first, second = (cell.quantiles[0].estimate for cell in cells(rounds))
    assert first is not None
    assert second is not None
    assert first.high > second.low, "each by itself cannot tell"
    found = differences(rounds)[0]
    assert found.ratio.low > 1
    assert found.ratio.low < 1.15 < found.ratio.high


def test_a_difference_that_changes_from_round_to_round_has_a_wide_interval() -> None:
    chance = np.random.default_rng(10)
    steady = [*_rounds(chance, "a", [10] * 6), *_rounds(chance, "b", [13] * 6)]
    wild = [*_rounds(chance, "a", [10] * 6), *_rounds(chance, "b", [8, 30, 9, 25, 10, 7])]
    assert _median(steady)[1]
    assert not _median(wild)[1]


def test_a_round_that_only_one_target_has_counts_all_the_same() -> None:
    chance = np.random.default_rng(11)
    whole = [*_rounds(chance, "a", [10] * 3), *_rounds(chance, "b", [20] * 3)]
    found, shown = _median(whole[:-1])
    assert shown
    assert found.low < 10 < found.high
    assert _median(whole)[1]
