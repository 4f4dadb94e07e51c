"""Properties that every bill has, whatever the workload."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from lab.cost.meter import Free, charge
from lab.cost.model import bill
from lab.cost.price_table import read_prices
from lab.cost.prices import Tier
from lab.cost.shape import SHAPES
from lab.cost.tariff import tariff
from lab.cost.workload import Workload

PRICES = read_prices()
TODAY = datetime.date(2026, 11, 28)

amounts = st.integers(0, 10**7)
workloads = st.builds(
    Workload,
    requests=st.integers(0, 10**10),
    wall_ms=st.floats(0, 10_000),
    cpu_ms=st.floats(0, 10_000),
    memory_mb=st.integers(128, 10_240),
    request_bytes=amounts,
    response_bytes=amounts,
    cold_share=st.floats(0, 1),
    prompt_share=st.floats(0, 1),
    reads=st.floats(0, 10),
    writes=st.floats(0, 10),
    item_bytes=st.integers(0, 400_000),
    stored_gb=st.integers(0, 1_000),
    secrets=st.integers(0, 20),
    messages=amounts,
    records=amounts,
    ticks=amounts,
    workflow_runs=amounts,
    warm_environments=st.integers(0, 10),
    shape=st.sampled_from(list(SHAPES.values())),
    options=st.sets(st.sampled_from(list(PRICES.options))).map(lambda names: tuple(sorted(names))),
)
platforms = st.sampled_from(list(PRICES.platforms.values()))
frees = st.sampled_from(["none", "always", "first-year"])
tiers = st.lists(st.tuples(st.integers(1, 100), st.decimals(0, 10, places=6)), min_size=1, max_size=4).map(
    lambda steps: (
        *(
            Tier(price=price, up_to=Decimal(sum(width for width, _ in steps[: number + 1])))
            for number, (_, price) in enumerate(steps)
        ),
        Tier(price=Decimal("0.5")),
    )
)


@settings(max_examples=60, deadline=None)
@given(platforms, workloads, frees, st.integers(0, 10**10))
def test_a_bill_never_falls_when_requests_rise(platform, workload: Workload, free: Free, more: int) -> None:  # type: ignore[no-untyped-def]
    priced = tariff(platform, PRICES, workload.options, free)

    assert priced.total(workload.scaled(workload.requests + more)) >= priced.total(workload)


@settings(max_examples=60, deadline=None)
@given(platforms, workloads)
def test_a_free_amount_never_makes_a_bill_larger(platform, workload: Workload) -> None:  # type: ignore[no-untyped-def]
    none, always, first_year = (
        tariff(platform, PRICES, workload.options, free).total(workload) for free in ("none", "always", "first-year")
    )

    assert none >= always >= first_year >= 0


@given(tiers, st.data())
def test_tiers_join_without_a_jump(steps: tuple[Tier, ...], data: st.DataObject) -> None:
    edge = data.draw(st.sampled_from([step.up_to for step in steps if step.up_to is not None]))
    little = Decimal("0.000001")

    below, at, above = (charge(steps, Decimal(1), edge + move) for move in (-little, Decimal(0), little))

    assert 0 <= at - below <= 10 * little
    assert 0 <= above - at <= 10 * little


@given(tiers, st.integers(0, 300))
def test_tiers_come_to_what_unit_by_unit_would(steps: tuple[Tier, ...], quantity: int) -> None:
    by_unit = sum(
        (next(step.price for step in steps if step.up_to is None or unit < step.up_to) for unit in range(quantity)),
        Decimal(0),
    )

    assert charge(steps, Decimal(1), Decimal(quantity)) == by_unit


def test_uses_of_one_price_share_its_free_amount() -> None:
    workload = Workload(requests=900_000, messages=3_000_000, message_batch=10)

    charges = {
        one.use.what: (int(one.quantity), int(one.taken))
        for one in tariff(PRICES.platforms["aws"], PRICES, (), "always").charges(workload)
        if one.price.id == "lambda-requests"
    }

    assert charges == {"": (900_000, 900_000), "queue": (300_000, 100_000)}


def test_a_daily_free_amount_is_a_month_s_days_of_it() -> None:
    workload = Workload(requests=1e6, prompt_share=1)

    taken = sum(
        one.taken
        for one in tariff(PRICES.platforms["cloudflare"], PRICES, (), "always").charges(workload)
        if one.price.id == "workers-ai"
    )

    assert taken == Decimal(10_000) * 365 / 12


def test_what_was_measured_on_one_platform_counts_there_and_where_the_table_says_that_it_is_like_it() -> None:
    workload = Workload(requests=1e9, wall_ms=100, cpu_ms=10)
    measured = dataclasses.replace(workload, by_platform={"aws": {"wall_ms": 200, "cpu_ms": 20}})
    aws, fargate, other = (
        tariff(PRICES.platforms[name], PRICES, (), "none") for name in ("aws", "fargate", "cloudflare")
    )

    assert aws.total(measured) > aws.total(workload)
    assert fargate.total(measured) > fargate.total(workload)
    assert other.total(measured) == other.total(workload)
    assert "Figures of aws are taken to hold here too: cpu_ms, wall_ms." in bill(fargate, measured, TODAY).assumptions
