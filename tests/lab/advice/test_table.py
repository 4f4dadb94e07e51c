"""The decision table: each row on both sides of its line, who wins where several apply, and one verdict always."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lab.advice.answers import ANSWERS
from lab.advice.table import RULES, VERDICT
from lab.cost.model import cost
from lab.cost.workload import Workload
from tests.lab.advice.known import LAMBDA_OR_FARGATE, PRICES, TODAY, advised, decided_by, workload

BOTH = ("aws", "cloudflare", "fargate")
PLAIN = workload()


@pytest.mark.parametrize(
    ("rule", "on_this_side", "beyond", "platforms"),
    [
        ("neutrality", {"neutrality": "wanted"}, {"neutrality": "required"}, BOTH),
        ("long-computing", {"longest_s": 30}, {"longest_s": 30.1}, ("aws",)),
        ("long-computing", {"longest_cpu_s": 300}, {"longest_cpu_s": 300.1}, ("cloudflare",)),
        ("long-computing", {"longest_s": 1500}, {"longest_s": 1501}, BOTH),
        ("long-computing", {"needs_mb": 128}, {"needs_mb": 129}, ("cloudflare",)),
        ("long-computing", {"package_mb": 250}, {"package_mb": 251}, BOTH),
        ("long-computing", {"native": False}, {"native": True}, ("cloudflare",)),
        ("long-computing", {"answering": "whole"}, {"answering": "stream"}, ("aws",)),
        ("strict-p99", {"p99_ms": 855}, {"p99_ms": 854}, BOTH),
        ("strict-p99", {"p99_ms": 1027}, {"p99_ms": 1026}, ("cloudflare",)),
        ("batch", {"job_s": 900}, {"job_s": 901}, BOTH),
        ("worldwide", {"users": "worldwide", "typical_ms": 200}, {"users": "worldwide", "typical_ms": 199}, BOTH),
        ("worldwide", {"users": "continent", "typical_ms": 50}, {"users": "continent", "typical_ms": 49}, BOTH),
        ("worldwide", {"users": "one-region", "typical_ms": 1}, {"users": "continent", "typical_ms": 1}, BOTH),
        ("unpredictable", {"predictable": True}, {"predictable": False}, BOTH),
        ("state", {"state": "none"}, {"state": "external"}, BOTH),
        ("state", {"state": "none"}, {"state": "process"}, BOTH),
        ("avoid-calls", {"calls": 0}, {"calls": 1}, BOTH),
        ("avoid-chain", {"calls": 1}, {"calls": 2}, BOTH),
        ("avoid-large-package", {"package_mb": 50}, {"package_mb": 51}, BOTH),
        ("avoid-connections", {"connecting": "shared"}, {"connecting": "each-request"}, BOTH),
        ("avoid-polling", {"poll_s": 60}, {"poll_s": 59}, BOTH),
    ],
)
def test_a_row_applies_beyond_its_line_and_not_on_this_side(
    rule: str, on_this_side: dict[str, Any], beyond: dict[str, Any], platforms: tuple[str, ...]
) -> None:
    here = advised(PLAIN, on_this_side, platforms)[rule]
    there = advised(PLAIN, beyond, platforms)[rule]

    assert (here.applies, there.applies) == (False, True)
    assert here.because[0] != there.because[0]


@pytest.mark.parametrize(
    ("rule", "on_this_side", "beyond"),
    [
        ("spiky", workload(peak=9.99), workload(peak=10)),
        ("state", workload(), workload(stored_gb=1)),
        ("avoid-chatty-state", workload(reads=6, writes=3), workload(reads=6, writes=4)),
        ("avoid-waiting", workload(requests=1e9, wall_ms=40, cpu_ms=11), workload(requests=1e9, wall_ms=40, cpu_ms=9)),
    ],
)
def test_a_row_about_the_work_applies_beyond_its_line(rule: str, on_this_side: Workload, beyond: Workload) -> None:
    assert [advised(work, platforms=("aws", "cloudflare"))[rule].applies for work in (on_this_side, beyond)] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("said", "work", "rule", "choice"),
    [
        ({}, PLAIN, "default", "Serverless: Lambda."),
        ({"users": "worldwide"}, PLAIN, "default", "Serverless: Workers."),
        ({"users": "continent", "native": True}, PLAIN, "default", "Serverless: Lambda."),
        ({}, workload(peak=40), "spiky", "Serverless: Lambda."),
        ({"predictable": False}, PLAIN, "unpredictable", "Serverless: Lambda."),
        ({"users": "worldwide", "typical_ms": 60}, PLAIN, "worldwide", "Workers."),
        ({"job_s": 3600}, workload(requests=0), "batch", "Step Functions or Fargate for the jobs."),
        ({"job_s": 3600, "job_steps": False}, workload(requests=0), "batch", "Fargate for the jobs."),
        ({"p99_ms": 100}, PLAIN, "strict-p99", "Not serverless: instances that run all the time."),
        ({"neutrality": "required"}, PLAIN, "neutrality", "Not serverless: a container that runs anywhere."),
        (
            {"longest_s": 4000},
            PLAIN,
            "long-computing",
            "Not serverless: a container or an instance that runs all the time.",
        ),
    ],
)
def test_the_table_chooses_what_it_should(said: dict[str, Any], work: Workload, rule: str, choice: str) -> None:
    found = advised(work, said, BOTH)

    assert decided_by(found) == rule
    assert found[VERDICT].choose == choice


def test_what_only_adds_stands_beside_the_verdict() -> None:
    found = advised(PLAIN, {"job_s": 3600, "state": "process"}, BOTH)

    assert found[VERDICT].choose == (
        "Serverless: Lambda. Beside it: Step Functions or Fargate for the jobs;"
        " external state: DynamoDB, Redis or D1 and Durable Objects."
    )


def test_always_on_is_advised_from_the_break_even_point_of_the_cost_model_on() -> None:
    work = workload(stored_gb=0)
    (point,) = cost(work, PRICES, today=TODAY, platforms=LAMBDA_OR_FARGATE).break_even
    assert point.requests is not None

    below = advised(work.scaled(point.requests - 1), platforms=LAMBDA_OR_FARGATE)
    there = advised(work.scaled(point.requests), platforms=LAMBDA_OR_FARGATE)

    assert (decided_by(below), decided_by(there)) == ("default", "steady")
    assert there[VERDICT].choose == "Always-on: AWS Fargate (arm64) behind a load balancer."
    assert f"Break-even with Lambda: {point.note}" in below["steady"].because
    assert f"Break-even with Lambda: {point.note}" in there["steady"].because


def test_working_time_is_counted_on_the_side_of_always_on() -> None:
    work = workload(requests=100_000_000)

    alone = advised(work, platforms=LAMBDA_OR_FARGATE)["steady"]
    cared_for = advised(work, {"ops_usd": 10_000}, LAMBDA_OR_FARGATE)["steady"]

    assert (alone.applies, cared_for.applies) == (True, False)
    assert "10,000.00 USD a month for the work of running it" in " ".join(cared_for.because)


def test_once_always_on_is_cheaper_for_good_more_load_does_not_turn_back() -> None:
    verdicts = [
        advised(workload(requests=load), platforms=LAMBDA_OR_FARGATE)["steady"].applies for load in (3e7, 5e7, 3e8, 5e9)
    ]

    assert verdicts == sorted(verdicts)
    assert {True, False} == set(verdicts)


def test_where_several_rows_apply_the_order_decides_and_is_told() -> None:
    found = advised(workload(peak=40), {"p99_ms": 100, "predictable": False}, BOTH)

    assert decided_by(found) == "strict-p99"
    told = found[VERDICT].because[1:]
    assert told == tuple(
        f"Rule {other} applies as well and says serverless: Lambda; strict-p99 is before it: a promise is before money."
        for other in ("unpredictable", "spiky")
    )


def test_a_known_peak_does_not_win_against_a_cheaper_bill_that_holds_it() -> None:
    found = advised(workload(requests=1e9, wall_ms=400, cpu_ms=2, peak=10), platforms=LAMBDA_OR_FARGATE)

    assert found["spiky"].applies
    assert decided_by(found) == "steady"
    assert any("says serverless: Lambda; steady is before it" in sentence for sentence in found[VERDICT].because)


def test_cold_starts_that_are_shown_to_be_rare_keep_a_promise() -> None:
    steady = workload(cold_share=0.002)
    rising = replace(steady, shape=replace(steady.shape, burst=4.0))

    assert not advised(steady, {"p99_ms": 100}, BOTH)["strict-p99"].applies
    risen = advised(rising, {"p99_ms": 100}, BOTH)["strict-p99"]
    assert risen.applies
    assert "4 times in the busiest minute, up to 1.3 % of its requests are cold" in risen.because[1]


def test_what_keeps_a_promise_is_chosen_over_what_is_cheaper() -> None:
    work = workload(requests=100_000_000)

    assert advised(work, {"p99_ms": 2000}, ("aws", "cloudflare"))[VERDICT].choose == "Serverless: Workers."
    kept = advised(work, {"p99_ms": 900}, ("aws", "cloudflare"))
    assert kept[VERDICT].choose == "Serverless: Lambda."
    assert "Workers is out: a cold start takes 1,027 ms" in " ".join(kept["default"].because)


SAID = st.fixed_dictionaries(
    {},
    optional={
        name: st.booleans()
        if answer.kind == "bool"
        else st.sampled_from(answer.choices)
        if answer.kind == "choice"
        else st.one_of(st.sampled_from([0.0, 1.0, 100.0]), st.floats(0, 1e5, allow_nan=False))
        for name, answer in ANSWERS.items()
    },
)
WORK = st.builds(
    workload,
    peak=st.floats(1, 200),
    requests=st.sampled_from([0.0, 1.0, 1e5, 3e7, 1e10]),
    wall_ms=st.sampled_from([0.0, 5.0, 900_000.0]),
    cpu_ms=st.sampled_from([0.0, 5.0, 1e5]),
    reads=st.sampled_from([0.0, 50.0]),
    process_mb=st.sampled_from([100.0, 1e6]),
    cold_share=st.floats(0, 1),
)


@given(
    work=WORK, said=SAID, platforms=st.sampled_from([("aws",), ("fargate",), ("cloudflare",), LAMBDA_OR_FARGATE, BOTH])
)
@settings(
    max_examples=20, deadline=None, phases=[Phase.generate, Phase.shrink], suppress_health_check=[HealthCheck.too_slow]
)
def test_any_workload_gets_one_verdict_and_every_row_an_answer(
    work: Workload, said: dict[str, Any], platforms: tuple[str, ...]
) -> None:
    found = advised(work, said, platforms)

    first = next(each for each in found.values() if each.rule != VERDICT and each.applies and each.rule != "state"
                 and not (each.rule == "batch" and work.requests))  # fmt: skip
    assert decided_by(found) == first.rule
    assert {rule.id for rule in RULES} <= found.keys()
    for each in found.values():
        assert all(sentence.endswith(".") and not sentence[0].islower() for sentence in (*each.because, each.changes))
        assert each.sources
        assert all(source.startswith("https://") for source in each.sources)
