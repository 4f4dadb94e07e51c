"""Where the cheaper kind changes: worked out by the cost model, and true on both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lab.advice.answers import Answers
from lab.advice.case import Case, build
from lab.advice.comparison import compare, lasting, turns
from lab.advice.peak import with_peak
from lab.cost.shape import SHAPES
from lab.cost.workload import Workload
from lab.errors import InvalidWorkloadError
from tests.lab.advice.known import FACTS, PRICES, TODAY, workload


def case(work: Workload, *platforms: str) -> Case:
    return build(
        work, Answers(), PRICES, FACTS, today=TODAY, free="always", latency=None, platforms=platforms
    )  # fmt: skip


def always_on_is_cheaper(found: Case, work: Workload) -> bool:
    compared = compare(found, work)
    assert compared is not None
    return compared.always_on_is_cheaper


@pytest.mark.parametrize(("load", "quantities"), [(20_000_000, {"requests"}), (60_000_000, {"requests", "peak", "ms"})])
def test_at_each_turn_the_other_kind_becomes_cheaper(load: float, quantities: set[str]) -> None:
    work = replace(workload(requests=load), shape=SHAPES["business"])
    found = case(work, "aws", "fargate", "ec2-c7g-large-alb")
    now = always_on_is_cheaper(found, work)
    places = turns(found)

    at: dict[str, Callable[[float], Workload]] = {
        "requests": work.scaled,
        "peak": lambda peak: replace(work, shape=with_peak(work.shape, peak)),
        "ms": lambda ms: lasting(work, ms / work.wall_ms),
    }
    assert {turn.of for turn in places} >= quantities
    for turn in places:
        near = 1.006 if turn.above else 1 / 1.006
        assert always_on_is_cheaper(found, at[turn.of](turn.at * near)) != now, turn
        assert always_on_is_cheaper(found, at[turn.of](turn.at / near)) == now, turn


def test_a_sharper_peak_costs_what_always_on_saves() -> None:
    work = workload(requests=60_000_000)
    found = case(work, "aws", "fargate")
    (peak,) = [turn for turn in turns(found) if turn.of == "peak"]

    assert always_on_is_cheaper(found, work)
    assert peak.above
    assert peak.text == f"from a peak of {peak.at:.3g} times the mean on"


def test_one_machine_alone_is_not_held_against_functions() -> None:
    found = case(workload())

    assert set(found.always_on) == {"fargate", "ec2-t4g-small-alb", "ec2-c7g-large-alb"}
    assert set(found.single) == {"ec2-t4g-small", "ec2-c7g-large"}


def test_machines_too_small_for_a_process_are_left_out() -> None:
    assert case(workload(process_mb=1_000)).single == ("ec2-c7g-large",)


def test_where_there_is_nothing_of_one_kind_nothing_is_compared() -> None:
    found = case(workload(), "aws")

    assert compare(found) is None
    assert turns(found) == ()


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_a_day_with_another_peak_has_that_peak_and_is_the_same_day_at_its_own(shape: object) -> None:
    day = SHAPES[getattr(shape, "name", "")]

    assert with_peak(day, day.peak).peak == pytest.approx(day.peak)
    assert with_peak(day, day.peak).shares == pytest.approx(day.shares)
    for factor in (1, 1.5, 5, 60):
        assert with_peak(day, factor).peak == pytest.approx(factor)


def test_a_peak_below_the_mean_is_refused() -> None:
    with pytest.raises(InvalidWorkloadError, match="the least is 1"):
        with_peak(SHAPES["flat"], 0.5)
