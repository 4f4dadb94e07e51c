"""The solver against counting through every load."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.cost.break_even import FINEST, Crossing, Total, break_even, crossings
from lab.cost.curve import loads
from lab.cost.model import cost
from lab.cost.price_table import read_prices
from lab.cost.tariff import Tariff, tariff
from lab.cost.workload import Workload

HIGHEST = 3_000
stairs = st.builds(
    lambda fee, slope, step, width, free: (
        lambda at: Decimal(fee) + Decimal(slope) * max(0, at - free) / 100 + Decimal(step) * -(-at // width)
    ),
    fee=st.integers(0, 100),
    slope=st.integers(0, 20),
    step=st.integers(0, 40),
    width=st.integers(1, 700),
    free=st.integers(0, 1_000),
)


def counted(first: Total, second: Total) -> tuple[Crossing, ...]:
    cheaper = [first(at) < second(at) for at in range(1, HIGHEST + 1)]
    return tuple(
        Crossing(requests=at + 1, first_is_cheaper=cheaper[at])
        for at in range(1, HIGHEST)
        if cheaper[at] != cheaper[at - 1]
    )


def _total(priced: Tariff, workload: Workload) -> Total:
    return lambda at: priced.total(workload.scaled(at))


@settings(deadline=None)
@given(stairs, stairs)
def test_every_crossing_of_two_stairs_is_found(first: Total, second: Total) -> None:
    assert crossings(first, second, lowest=1, highest=HIGHEST, finest=1) == counted(first, second)


@pytest.mark.parametrize("cpu_ms", [4, 40])
@pytest.mark.parametrize("other", ["fargate", "ec2-t4g-small"])
@pytest.mark.parametrize("serverless", ["aws", "cloudflare"])
def test_real_bills_are_in_the_order_that_the_crossings_say(serverless: str, other: str, cpu_ms: float) -> None:
    prices, workload = read_prices(), Workload(cpu_ms=cpu_ms, wall_ms=3 * cpu_ms, reads=1, writes=0.5)
    first, second = (
        _total(tariff(prices.platforms[name], prices, (), "always"), workload) for name in (serverless, other)
    )

    found = crossings(first, second)

    cheaper = first(1_000) < second(1_000)
    for at in loads():
        before = [crossing for crossing in found if crossing.requests <= at]
        if all(not 1 / FINEST < at / crossing.requests < FINEST for crossing in found):
            assert (first(at) < second(at)) == (before[-1].first_is_cheaper if before else cheaper), at


def test_a_crossing_is_exact_to_the_request() -> None:
    [crossing] = crossings(lambda at: Decimal(at) / 1_000, lambda _: Decimal("12345.6785"))

    assert crossing == Crossing(requests=12_345_679, first_is_cheaper=False)


def test_words_say_who_is_cheaper_where() -> None:
    def flat(_: int) -> Decimal:
        return Decimal(50)

    def rising(at: int) -> Decimal:
        return Decimal(at) / 1_000_000

    once, other, never = (
        break_even("a", "b", rising, flat),
        break_even("a", "b", flat, rising),
        break_even("a", "b", flat, lambda _: Decimal(60)),
    )

    assert (once.requests, once.note) == (50e6, "a is cheaper below 50 M requests a month, b from there on.")
    assert (other.requests, other.note) == (None, "b is cheaper below 50 M requests a month, a from there on.")
    assert (never.requests, never.note) == (None, "a is cheaper at any load up to 10 G requests a month.")


def test_several_crossings_are_all_told() -> None:
    found = break_even("a", "b", Decimal, lambda at: Decimal(4_000 * -(-at // 4_000)) * Decimal("0.9"))

    assert found.note.startswith("a is cheaper at first; they change places ")
    assert found.requests == 3_600


def test_each_serverless_platform_is_held_against_each_other_one() -> None:
    found = cost(
        Workload(), read_prices(), today=datetime.date(2026, 11, 28), platforms=["aws", "cloudflare", "fargate"]
    )

    assert [(one.below, one.above) for one in found.break_even] == [
        ("aws", "cloudflare"),
        ("aws", "fargate"),
        ("cloudflare", "fargate"),
    ]
    for curve in found.curves:
        amounts = [amount for _, amount in curve.points]
        assert amounts == sorted(amounts)
