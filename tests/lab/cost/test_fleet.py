"""How many units a workload needs."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest

from lab.cost.fleet import fleet
from lab.cost.prices import Size, Units
from lab.cost.shape import Shape
from lab.cost.workload import Workload

SECONDS = 730 * 3_600
STEADY = Shape(name="steady", hours=(1,) * 24, burst=1)
ONE_BUSY_HOUR = Shape(name="one busy hour", hours=(12,) + (12 / 23,) * 23, burst=2)


def units(scaling: Literal["hourly", "peak", "metered"], minimum: int = 1, utilisation: str = "1") -> Units:
    return Units(
        name="box",
        platforms=("x",),
        sizes=(Size(holds={"cpu_cores": Decimal(1)}),),
        minimum=Decimal(minimum),
        utilisation=Decimal(utilisation),
        scaling=scaling,
    )


@pytest.mark.parametrize(
    ("busy", "utilisation", "count"),
    [(0.4, "1", 1), (1.0, "1", 1), (1.01, "1", 2), (1.0, "0.5", 2), (1.01, "0.5", 3)],
)
def test_units_hold_what_is_busy_at_their_utilisation(busy: float, utilisation: str, count: int) -> None:
    workload = Workload(requests=SECONDS * 10, cpu_ms=busy * 100, shape=STEADY)

    assert fleet(units("hourly", utilisation=utilisation), workload).mean == count


def test_two_run_for_availability_where_one_would_do() -> None:
    assert fleet(units("hourly", minimum=2), Workload(requests=0)).mean == 2


def test_the_busiest_hour_s_units_run_for_that_hour_or_all_day() -> None:
    # A processor in the mean; twelve in one hour, 24 in its busiest minute; about one in that of any other hour.
    workload = Workload(requests=SECONDS * 10, cpu_ms=100, shape=ONE_BUSY_HOUR)

    hourly, peak = fleet(units("hourly"), workload), fleet(units("peak"), workload)

    assert {hourly.most, peak.most, peak.mean} == {Decimal(24)}
    assert hourly.mean == Decimal(24 + 23 * 2) / 24


def test_what_is_metered_afterwards_has_no_busiest_minute_and_no_whole_units() -> None:
    workload = Workload(requests=SECONDS * 10, cpu_ms=25, shape=ONE_BUSY_HOUR)

    assert fleet(units("metered", minimum=0), workload).mean == pytest.approx(Decimal("0.25"))


def test_the_largest_demand_counts() -> None:
    capacity = Units(
        name="lcu",
        platforms=("x",),
        sizes=(Size(holds={"new_connections_per_second": Decimal(25), "gb_per_hour": Decimal(1)}),),
        scaling="metered",
    )
    chatty = Workload(requests=SECONDS * 100, connection_share=0.5, response_bytes=0, request_bytes=100, shape=STEADY)
    heavy = Workload(requests=SECONDS, connection_share=0.5, response_bytes=1_000_000, request_bytes=0, shape=STEADY)

    assert fleet(capacity, chatty).mean == pytest.approx(2)
    assert fleet(capacity, heavy).mean == pytest.approx(Decimal("3.6"))


def test_handlers_of_queues_and_workflows_need_processors_as_well() -> None:
    workload = Workload(requests=0, messages=SECONDS * 10, message_batch=1, background_cpu_ms=250, shape=STEADY)

    assert fleet(units("hourly"), workload).mean == 3


def test_the_smallest_size_with_memory_for_a_process_is_taken_and_none_is_said() -> None:
    sized = Units(
        name="task",
        platforms=("x",),
        sizes=(
            Size(name="small", holds={"cpu_cores": Decimal(1), "memory_mb": Decimal(512)}),
            Size(name="large", holds={"cpu_cores": Decimal(1), "memory_mb": Decimal(2_048)}),
        ),
    )

    found = [fleet(sized, Workload(process_mb=memory)) for memory in (512, 513, 2_049)]

    assert [(one.size.name, one.fits) for one in found] == [("small", True), ("large", True), ("large", False)]
