"""Bounds for CI: broken only where the interval says so, and never kept by what was not measured."""

from dataclasses import replace

import pytest

from lab.errors import InvalidRuleError
from lab.estimate import Estimate
from lab.report.model import Report
from lab.report.rules import judge, parse_rule
from tests.lab.report import sample


def _outcomes(rule: str, new: Report, old: Report | None = None) -> set[tuple[str, str]]:
    return {
        (judgement.outcome, judgement.text.split(":")[0].split(",")[0])
        for judgement in judge(parse_rule(rule), new, old)
    }


def test_a_change_beyond_the_bound_breaks_it_where_the_whole_interval_is_beyond() -> None:
    old = sample.full()
    assert _outcomes("p50 > +10%", sample.slower(old, "aws", 1.5), old) == {
        ("broken", "p50 aws"),
        ("kept", "p50 cloudflare"),
    }


def test_a_change_whose_interval_reaches_the_bound_is_uncertain_and_fails_nothing() -> None:
    old = sample.full()
    found = judge(parse_rule("p99 target=aws > +10%"), sample.slower(old, "aws", 1.12), old)
    assert {each.outcome for each in found} == {"uncertain"}
    assert not any(each.fails for each in found)


@pytest.mark.parametrize(
    ("rule", "outcome"),
    [
        ("p50 target=aws endpoint=root > 3ms", "broken"),
        ("p50 target=aws endpoint=root > 0.003s", "broken"),
        ("p50 target=aws endpoint=root > 250ms", "kept"),
        ("p99.9 target=aws level='50/s on 16' endpoint=root > 3ms", "broken"),
        ("error-rate > 1%", "kept"),
        ("cold-p50 target=cloudflare > 200ms", "broken"),
        ("cost platform=fargate > 40", "broken"),
        ("cost platform=fargate > 42.40USD", "kept"),
        ("portable-share cloud=aws < 80%", "broken"),
        ("leaks > 0", "broken"),
        ("leaks > 1", "kept"),
        ("throughput target=aws < 100/s", "kept"),
    ],
)
def test_limits_by_themselves(rule: str, outcome: str) -> None:
    assert {each.outcome for each in judge(parse_rule(rule), sample.full(), None)} == {outcome}


@pytest.mark.parametrize(
    ("rule", "broken"),
    [("error-rate > +5pp", True), ("error-rate > +50pp", False), ("error-rate > +10%", True)],
)
def test_errors_where_there_were_none(rule: str, broken: bool) -> None:
    old = sample.full()
    assert old.latency is not None
    before = old.latency.cells[0]
    cell = replace(before, error_rate=Estimate(value=0.2, low=0.15, high=0.26))
    new = replace(old, latency=replace(old.latency, cells=(cell, *old.latency.cells[1:])))
    assert any(each.fails for each in judge(parse_rule(rule), new, old)) is broken


def test_what_was_measured_before_and_is_not_now_fails() -> None:
    found = judge(parse_rule("p99 > +10%"), sample.down(), sample.full())
    assert {each.outcome for each in found} == {"missing"}
    assert all(each.fails for each in found)
    assert {each.outcome for each in judge(parse_rule("p99 > +10%"), sample.full(), sample.down())} == {"missing"}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("p98 > +10%", "no measure 'p98'; valid: p50, p90, p99, p99.9, error-rate"),
        ("p99 > +10ns", "no unit 'ns' here; valid: %, ms, s"),
        ("leaks > 1%", "no unit '%' here; valid: none"),
        ("p99 cloud=aws > +10%", "valid: target=…, endpoint=…, level=…"),
        ("leaks target=aws > 0", "does not narrow leaks; valid: none"),
        ("p99", "is not MEASURE"),
        ("p99 level='50 > 1ms", "quote a value"),
    ],
)
def test_what_is_no_rule_is_refused_with_what_is_valid(rule: str, said: str) -> None:
    with pytest.raises(InvalidRuleError) as caught:
        parse_rule(rule)
    assert said in str(caught.value)


def test_a_rule_needs_what_it_speaks_of() -> None:
    with pytest.raises(InvalidRuleError, match="needs an earlier report: --against"):
        judge(parse_rule("p99 > +10%"), sample.full(), None)
    with pytest.raises(InvalidRuleError, match="It has target: aws, cloudflare; endpoint: echo, item-write, root"):
        judge(parse_rule("p99 target=edge > 1ms"), sample.full(), None)
