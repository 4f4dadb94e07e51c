"""From rounds to figures."""

import numpy as np
import pytest

from lab.samples import Round, Sample
from lab.statistics.differences import differences
from lab.statistics.summary import cells, knee, quantiles

_SAMPLE = Sample(
    intended=0, late=0, name=-1, connect=-1, tls=-1, first_byte=0, body=0, service=0, latency=0, status=200, error="",
    instance="i", instance_requests=2, received=2, in_flight=1,
)  # fmt: skip


def _rounds(target: str, median: float, *, seed: int, rounds: int = 3, level: str = "100/s on 4") -> list[Round]:
    chance = np.random.default_rng(seed)
    found = []
    for number in range(rounds):
        latencies = chance.lognormal(np.log(median), 0.3, 500)
        samples = [
            _SAMPLE._replace(
                intended=number * 5_000_000 + place * 10_000,
                latency=round(latency * 1000),
                first_byte=round(latency * 900),
                body=10,
            )
            for place, latency in enumerate(latencies)
        ]
        found.append(Round(target, "GET /", level, number, number * 5_000_000, tuple(samples)))
    return found


def test_a_cell_says_what_was_asked_and_answered() -> None:
    (cell,) = cells(_rounds("a", 10, seed=1))
    assert (cell.target, cell.endpoint, cell.level, cell.rounds, cell.samples) == ("a", "GET /", "100/s on 4", 3, 1500)
    assert cell.offered == 100
    assert cell.achieved == pytest.approx(100, rel=0.01)
    assert cell.errors == {}
    p50 = cell.quantiles[0].estimate
    assert p50 is not None
    assert p50.low < 10 < p50.high
    assert [phase.name for phase in cell.phases] == ["first byte", "body"]
    assert [moment.second for moment in cell.timeline] == list(range(15))
    levels = [q for q, _ in cell.distribution]
    assert levels == sorted(levels)
    assert cell.distribution[-1][1] == max(value for _, value in cell.distribution)


def test_cold_answers_and_errors_are_counted_and_kept_out_of_quantiles() -> None:
    (first, *rest) = _rounds("a", 10, seed=2)
    slow = first.samples[0]._replace(latency=60_000_000)
    spoilt = (slow._replace(instance_requests=1), slow._replace(error="timeout", status=0), *first.samples[2:])
    (cell,) = cells([first._replace(samples=spoilt), *rest])
    assert (cell.cold, cell.warm, cell.errors) == (1, 1498, {"timeout": 1})
    assert cell.error_rate.value == pytest.approx(1 / 1500)
    assert max(value for _, value in cell.distribution) < 1_000


def test_errors_that_come_in_runs_tell_less_than_as_many_apart() -> None:
    (done,) = _rounds("a", 10, seed=2, rounds=1)

    def failing(places: set[int]) -> float:
        spoilt = (one._replace(error="timeout") if place in places else one for place, one in enumerate(done.samples))
        (cell,) = cells([done._replace(samples=tuple(spoilt))])
        assert cell.error_rate.value == pytest.approx(0.1)
        return cell.error_rate.high - cell.error_rate.low

    assert failing(set(range(200, 250))) > 2 * failing(set(range(0, 500, 10)))


def test_what_a_target_that_fell_behind_answered_a_second_is_less_than_was_offered() -> None:
    (done,) = _rounds("a", 10, seed=2, rounds=1)
    behind = tuple(one._replace(latency=place * 30_000 + 1000) for place, one in enumerate(done.samples))
    (cell,) = cells([done._replace(samples=behind)])
    assert cell.achieved == pytest.approx(25, rel=0.02)
    late = (*done.samples[:-1], done.samples[-1]._replace(latency=5_000_000))
    assert cells([done._replace(samples=late)])[0].achieved == pytest.approx(100, rel=0.01), "one that is late is one"


def test_a_long_timeline_is_drawn_together_and_loses_no_one() -> None:
    (done,) = _rounds("a", 10, seed=2, rounds=1)
    spread = tuple(one._replace(intended=place * 3_000_000) for place, one in enumerate(done.samples * 2))
    spread = (*spread[:700], spread[700]._replace(latency=9_000_000), *spread[701:])
    (cell,) = cells([done._replace(samples=spread)])
    assert len(cell.timeline) == 500
    assert sum(moment.samples for moment in cell.timeline) == 1000
    assert max(moment.maximum or 0 for moment in cell.timeline) == 9_000
    seconds = [moment.second for moment in cell.timeline]
    assert seconds == sorted(seconds)


def test_a_difference_is_found() -> None:
    other = differences([*_rounds("a", 10, seed=3, rounds=6), *_rounds("b", 13, seed=4, rounds=6)])
    assert all(found.shown and found.difference.low > 0 for found in other)
    assert other[0].ratio.low < 1.3 < other[0].ratio.high


def test_what_is_not_different_is_shown_to_be_rarely() -> None:
    shown = 0
    for seed in range(60):
        found = differences([*_rounds("a", 10, seed=2 * seed), *_rounds("b", 10, seed=2 * seed + 1)])
        shown += sum(one.shown for one in found)
    assert shown <= 0.1 * 180


def test_three_targets_are_three_pairs() -> None:
    rounds = [one for name in "abc" for one in _rounds(name, 10, seed=ord(name))]
    found = differences(rounds)
    assert {(one.first, one.second) for one in found} == {("a", "b"), ("a", "c"), ("b", "c")}


def test_the_knee_is_the_highest_step_that_was_kept_up_with() -> None:
    kept = _rounds("a", 10, seed=1, rounds=1)[0]
    fell = kept._replace(
        level="200/s on 4",
        samples=tuple(
            one._replace(intended=place * 5_000, latency=place * 5_000) for place, one in enumerate(kept.samples)
        ),
    )
    found = knee([kept, fell], "it fell behind", seconds=2.5)
    assert (found.rate, [step.offered for step in found.steps]) == (100, [100, 200])


def test_cold_starts_have_quantiles_where_there_are_enough() -> None:
    few, many = quantiles([100, 120, 110]), quantiles(list(range(100, 140)))
    assert few[0].estimate is None
    assert many[0].estimate is not None


def test_nothing_measured_is_nothing_said() -> None:
    assert cells([]) == ()
    (empty,) = cells([replace_samples(_rounds("a", 10, seed=1, rounds=1)[0])])
    assert empty.samples == 0
    assert empty.quantiles[0].estimate is None


def replace_samples(done: Round) -> Round:
    """The round without samples."""
    return done._replace(samples=())


def test_rounds_that_differ_widen_a_cells_intervals() -> None:
    """A whole round was slower: what is the same within rounds and not between them is no certainty."""
    alike = [_rounds("a", 10, seed=seed, rounds=1)[0]._replace(number=seed) for seed in range(4)]
    differing = [
        _rounds("a", median, seed=seed, rounds=1)[0]._replace(number=seed)
        for seed, median in enumerate((8, 10, 12, 14))
    ]
    narrow, wide = (cells(rounds)[0].quantiles[0].estimate for rounds in (alike, differing))
    assert narrow is not None
    assert wide is not None
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)
    # Four rounds say little of the fifth: not even the slowest and the quickest of them bound the median.
    assert wide.low < 8
    assert wide.high > 14
