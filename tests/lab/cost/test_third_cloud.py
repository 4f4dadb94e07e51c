"""Another cloud is one more price table, and no code."""

from __future__ import annotations

import datetime
from pathlib import Path

from lab.cost.model import cost
from lab.cost.price_table import read_prices
from lab.cost.workload import Workload

NIMBUS = read_prices([Path(__file__).with_name("third_cloud.toml")])
TODAY = datetime.date(2026, 11, 28)


def test_a_cloud_that_only_a_table_knows_is_priced_beside_the_others() -> None:
    workload = Workload(requests=3e6, ticks=20_000, response_bytes=1_500, cpu_ms=500, log_bytes=0)

    found = cost(workload, NIMBUS, today=TODAY, free="none", platforms=["aws", "nimbus", "nimbus-box"])

    bills = {bill.platform: bill for bill in found.bills}
    # An answer of 1,500 bytes is two calls; a million beyond the included ones costs 10, each further one 2.
    assert [(line.dimension, line.quantity, line.included) for line in bills["nimbus"].lines] == [
        ("Nimbus calls", 6_000_000, 10_000),
        ("Nimbus calls: schedule", 20_000, 0),
    ]
    assert round(bills["nimbus"].total, 2) == round(10 + (6_020_000 - 10_000 - 1_000_000) / 1_000 * 0.002, 2)
    assert {(one.below, one.above) for one in found.break_even} == {
        ("aws", "nimbus"),
        ("aws", "nimbus-box"),
        ("nimbus", "nimbus-box"),
    }
    assert [curve.platform for curve in found.curves] == ["aws", "nimbus", "nimbus-box"]


def test_its_boxes_its_options_and_its_doubts_are_its_table_s() -> None:
    workload = Workload(requests=730 * 3_600 * 10, cpu_ms=100, process_mb=300)
    spot = Workload(requests=730 * 3_600 * 10, cpu_ms=100, process_mb=300, options=("nimbus-spot",))

    [box] = cost(workload, NIMBUS, today=TODAY, platforms=["nimbus-box"]).bills
    [cheap] = cost(spot, NIMBUS, today=TODAY, platforms=["nimbus-box"]).bills

    # One processor is busy in the mean and 1.2 in a busy minute: three boxes at half of their processors.
    assert [(line.quantity, line.doubt) for line in box.lines] == [(3 * 730, "old: of 2024-11-01")]
    assert box.assumptions == ("box: 3 of large in the mean, 3 in the busiest hour.",)
    assert [(line.quantity, line.doubt) for line in cheap.lines] == [(3 * 730, "not verified: a rumour")]
