"""The worked examples that the vendors publish, to the cent, by the same prices and the same metering as every bill.

Where an example says less than a workload does, the rest of the bill is left out of the comparison by its name.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from lab.cost.bill import Bill
from lab.cost.meter import Free
from lab.cost.model import bill
from lab.cost.price_table import read_prices
from lab.cost.shape import Shape
from lab.cost.tariff import tariff
from lab.cost.workload import Workload

TODAY = datetime.date(2026, 11, 28)
PRICES = read_prices([Path(__file__).with_name("example_prices.toml")])
STEADY = Shape(name="steady", hours=(1,) * 24, burst=1)
A_MONTH_OF_31_DAYS = 31 * 24 / 730
"""Of the model's months, which have 730 hours."""


def priced(platform: str, workload: Workload, free: Free = "none") -> Bill:
    return bill(tariff(PRICES.platforms[platform], PRICES, workload.options, free), workload, TODAY)


def cents(found: Bill) -> dict[str, float]:
    return {line.dimension: round(line.amount, 2) for line in found.lines}


# https://aws.amazon.com/lambda/pricing/: the examples of temporary storage, SnapStart and provisioned concurrency


def lambda_only(lines: dict[str, float]) -> dict[str, float]:
    return {name: amount for name, amount in lines.items() if name.startswith(("Lambda", "SnapStart", "Provisioned"))}


def test_lambda_example_1_mobile_back_end() -> None:
    workload = Workload(requests=3e6, wall_ms=120, memory_mb=1536, cold_share=0, options=("x86",))

    found = lambda_only(cents(priced("aws", workload, "always")))

    assert found == {"Lambda requests": 0.40, "Lambda duration (x86)": 2.33}
    assert round(sum(found.values()), 2) == 2.73


def test_lambda_example_2_telemetry() -> None:
    workload = Workload(requests=7_440_000, wall_ms=2_000, memory_mb=1024, cold_share=0, options=("x86",))

    found = lambda_only(cents(priced("aws", workload)))

    assert found == {"Lambda requests": 1.49, "Lambda duration (x86)": 248.00}
    assert round(sum(found.values()), 2) == 249.49


def test_lambda_example_3_with_temporary_storage() -> None:
    workload = Workload(requests=6e6, wall_ms=280, memory_mb=4096, extra_disk_mb=1536, cold_share=0, options=("x86",))

    found = lambda_only(cents(priced("aws", workload, "always")))

    assert found == {
        "Lambda requests": 1.00,
        "Lambda duration (x86)": 105.33,
        "Lambda temporary storage over 512 MB": 0.08,
    }
    assert round(sum(found.values()), 2) == 106.41


def test_lambda_snapstart_example() -> None:
    workload = Workload(
        requests=7_440_000,
        wall_ms=2_000,
        memory_mb=1024,
        cold_share=0.01,
        versions=A_MONTH_OF_31_DAYS,
        options=("x86", "snapstart"),
    )

    found = lambda_only(cents(priced("aws", workload)))

    assert found == {
        "Lambda requests": 1.49,
        "Lambda duration (x86)": 248.00,
        "SnapStart cache": 4.03,
        "SnapStart restores": 10.40,
    }
    assert round(sum(found.values()), 2) == 263.92


def test_lambda_provisioned_concurrency_example_1_launch_day() -> None:
    # Its requests have one duration on the launch day and another one in the rest of the month: two workloads.
    launch = Workload(
        requests=500_000, wall_ms=100, memory_mb=1536, warm_environments=100, warm_hours=8, options=("x86",)
    )
    rest = Workload(requests=2_500_000, wall_ms=120, memory_mb=1536, cold_share=0, options=("x86",))
    month = Workload(requests=3_000_000, options=("x86",))

    warm = cents(priced("aws", launch))
    found = {
        "configured": warm["Provisioned concurrency, configured (x86)"],
        "requests": cents(priced("aws", month, "always"))["Lambda requests"],
        "warm": warm["Provisioned concurrency, duration (x86)"],
        "rest": cents(priced("aws", rest, "always"))["Lambda duration (x86)"],
    }

    assert found == {"configured": 18.00, "requests": 0.40, "warm": 0.73, "rest": 0.83}
    assert round(sum(found.values()), 2) == 19.96


def test_lambda_provisioned_concurrency_example_2_cyber_monday() -> None:
    workload = Workload(requests=2e6, wall_ms=280, memory_mb=4096, warm_environments=7, warm_hours=24, options=("x86",))

    found = lambda_only(cents(priced("aws", workload)))

    assert found == {
        "Lambda requests": 0.40,
        "Provisioned concurrency, configured (x86)": 10.08,
        "Provisioned concurrency, duration (x86)": 21.78,
    }
    assert round(sum(found.values()), 2) == 32.26


# https://aws.amazon.com/kms/pricing/, an example of 2019 whose prices still hold


def test_kms_key_with_100_000_requests() -> None:
    workload = Workload(requests=10e6, cold_share=0.01, secrets=1)

    found = cents(priced("aws", workload, "always"))

    assert found["KMS key"] + found["KMS requests"] == 1.24


# https://developers.cloudflare.com/workers/platform/pricing/


@pytest.mark.parametrize(
    ("workload", "requests", "processor", "total"),
    [
        pytest.param(Workload(requests=15e6, cpu_ms=7, log_bytes=0), 1.50, 1.50, 8.00, id="example 1"),
        pytest.param(
            Workload(requests=3e6, cpu_ms=7, log_bytes=0), 0, 0, 5.00, id="example 2, without the free static assets"
        ),
        pytest.param(Workload(requests=0, ticks=720, background_cpu_ms=180_000), 0, 1.99, 6.99, id="example 3"),
        pytest.param(Workload(requests=100e6, cpu_ms=7, log_bytes=0), 27.00, 13.40, 45.40, id="example 4"),
    ],
)
def test_workers_examples(workload: Workload, requests: float, processor: float, total: float) -> None:
    found = priced("cloudflare", workload)

    def of(dimension: str) -> float:
        return round(sum(line.amount for line in found.lines if line.dimension.startswith(dimension)), 2)

    assert (of("Workers Paid plan"), of("Workers requests"), of("Workers processor time")) == (5, requests, processor)
    assert round(found.total, 2) == total


# https://developers.cloudflare.com/queues/platform/pricing/


@pytest.mark.parametrize(
    ("messages", "size", "total"),
    [
        pytest.param(30e6, 1_000, 35.60, id="a million messages a day"),
        pytest.param(100e6, 127_000, 239.60, id="messages of two chunks"),
    ],
)
def test_queues_examples(messages: float, size: float, total: float) -> None:
    found = cents(priced("cloudflare", Workload(requests=0, messages=messages, message_bytes=size)))

    assert found["Queues operations: queue"] == total


# https://developers.cloudflare.com/observability/pricing/, the prices from 2026-12-01


def test_observability_example() -> None:
    workload = Workload(requests=75e6, log_bytes=1_000, log_days=20 / 75 * 365 / 12)

    found = cents(priced("cloudflare", workload))

    assert (found["Workers logs, written"], found["Workers logs, kept"]) == (6.25, 0.80)


# https://developers.cloudflare.com/workers/observability/logs/workers-logs/, the prices before: a table of their own


@pytest.mark.parametrize(
    ("requests", "total"),
    [pytest.param(15e6, 6.00, id="example 1"), pytest.param(1e9 * 0.1, 108.00, id="example 2, a tenth is logged")],
)
def test_workers_logs_examples_of_2024(requests: float, total: float) -> None:
    assert round(priced("workers-2024", Workload(requests=requests)).total, 2) == total


# https://developers.cloudflare.com/workers-ai/platform/pricing/: USD for a million tokens beside their neurons


def test_workers_ai_tokens_cost_what_their_neurons_do() -> None:
    workload = Workload(requests=1_000, prompt_share=1, tokens_in=1_000, tokens_out=1_000)

    found = priced("cloudflare", workload)

    amounts = {line.dimension: round(line.amount, 3) for line in found.lines}
    assert (amounts["Workers AI: prompts"], amounts["Workers AI: completions"]) == (0.293, 2.253)


# https://aws.amazon.com/kinesis/data-streams/pricing/


@pytest.mark.parametrize(("size", "units"), [(5_000, 1), (45_000, 2), (1_000_000, 40)])
def test_kinesis_put_units_of_a_record(size: float, units: int) -> None:
    workload = Workload(requests=0, records=1_000, record_bytes=size, options=("kinesis-provisioned",))

    [line] = [line for line in priced("aws", workload).lines if line.dimension == "Kinesis PUT units"]

    assert line.quantity == 1_000 * units


def test_kinesis_shards_for_100_records_a_second_of_35_kb() -> None:
    workload = Workload(
        requests=0,
        records=100 * 730 * 3_600,
        record_bytes=35 * 1_024,
        shape=STEADY,
        options=("kinesis-provisioned",),
    )

    [line] = [line for line in priced("aws", workload).lines if line.dimension == "Kinesis shards"]

    assert line.quantity == 4 * 730


def test_kinesis_on_demand_counts_a_record_of_4_and_a_half_kb_as_5() -> None:
    workload = Workload(requests=0, records=1e6, record_bytes=4.5 * 1_024)

    [line] = [line for line in priced("aws", workload).lines if line.dimension == "Kinesis, data in"]

    assert line.quantity == pytest.approx(5 * 1_024 * 1e6 / 1e9)


# The units in which AWS's other price pages count


@pytest.mark.parametrize(
    ("workload", "dimension", "quantity"),
    [
        (Workload(requests=1_000, response_bytes=512 * 1_024), "HTTP API requests", 1_000),
        (Workload(requests=1_000, response_bytes=513 * 1_024), "HTTP API requests", 2_000),
        (Workload(requests=1_000, reads=1, item_bytes=4_096), "DynamoDB reads (consistent)", 1_000),
        (Workload(requests=1_000, reads=1, item_bytes=4_097), "DynamoDB reads (consistent)", 2_000),
        (Workload(requests=1_000, writes=1, item_bytes=1_025), "DynamoDB writes", 2_000),
        (Workload(requests=0, messages=1_000, message_bytes=256 * 1_024), "SQS requests: sent", 4_000),
    ],
)
def test_started_pieces_are_counted(workload: Workload, dimension: str, quantity: float) -> None:
    [line] = [line for line in priced("aws", workload).lines if line.dimension == dimension]

    assert line.quantity == quantity


def test_lambda_counts_started_milliseconds() -> None:
    workload = Workload(requests=1_000, wall_ms=1.2, memory_mb=1024, cold_share=0)

    [line] = [line for line in priced("aws", workload).lines if line.dimension == "Lambda duration (arm64)"]

    assert line.quantity == 2


def test_starts_are_billed_as_duration_without_a_snapshot_only() -> None:
    # https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
    workload = Workload(requests=1e6, cold_share=0.01, init_ms=1_000, memory_mb=1024)
    snapshots = Workload(requests=1e6, cold_share=0.01, init_ms=1_000, memory_mb=1024, options=("snapstart",))

    plain, restored = cents(priced("aws", workload)), cents(priced("aws", snapshots))

    assert plain["Lambda duration (arm64): cold starts"] == round(10_000 * 0.0000133334, 2)
    assert "Lambda duration (arm64): cold starts" not in restored
    assert restored["SnapStart restores"] == round(10_000 * 0.0001397998, 2)
