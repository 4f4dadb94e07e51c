"""What is read first: problems before all, then one headline a part, each true of the figures below it."""

from dataclasses import replace

from lab.report.model import Report
from lab.report.summary import summary
from lab.report.verdicts import verdicts
from tests.lab.report import sample


def _said(report: Report) -> dict[str, str]:
    return {each.topic: " ".join((each.says, *each.evidence)) for each in summary(report).headlines}


def test_who_is_faster_where_and_by_how_much() -> None:
    said = _said(sample.full())["Latency"]
    assert said.startswith("cloudflare is faster at p50 in 4 of 6; aws is faster at p99 in 4 of 6.")
    assert (
        "Widest at p50: echo at 10/s on 4, cloudflare faster than aws by 2.71 ms (2.52 to 2.92), 36 % (33 to 39)."
        in said
    )


def test_what_it_costs_up_to_where_and_how_sure_that_is() -> None:
    said = _said(sample.full())["Cost"]
    assert "aws is the cheapest at this workload: 2.35 USD a month." in said
    assert "Up to 7.45 million requests a month; from there cloudflare is cheaper." in said
    assert "2 prices unverified or old" in said


def test_what_the_first_rule_that_applies_advises() -> None:
    assert _said(sample.full())["Advice"].startswith(
        "Lambda or Workers; Workers where latency matters 1,000,000 requests"
    )
    assert "Advice" not in _said(sample.partial())


def test_no_difference_is_said_to_be_none() -> None:
    report = sample.full()
    assert report.latency is not None
    differences = tuple(replace(each, shown=False) for each in report.latency.differences)
    report = replace(report, latency=replace(report.latency, differences=differences))
    assert _said(report)["Latency"].startswith("No difference shown at p50; no difference shown at p99.")


def test_of_three_the_fastest_is_faster_than_both_and_ties_are_named() -> None:
    latency = sample.three().latency
    assert latency is not None
    found = {(each.endpoint, each.level, each.q): each for each in verdicts(latency)}
    median = found["root", "10/s on 4", 0.5]
    assert median.leader == "cloudflare"
    assert [margin.other for margin in median.margins] == ["aws", "edge"]
    assert all(margin.milliseconds.low > 0 for margin in median.margins)
    assert found["root", "10/s on 4", 0.99].leaders == ("aws", "edge")


def test_an_emulator_is_not_held_against_a_cloud() -> None:
    report = sample.mixed()
    assert report.latency is not None
    assert {each.targets for each in verdicts(report.latency)} == {("aws", "cloudflare")}
    assert (
        summary(report).origin
        == "Some targets are emulators and some are clouds: only those of the same kind are compared."
    )


def test_partiality_and_problems_come_first() -> None:
    found = summary(sample.partial())
    assert found.problems[0] == "This report is partial. Interrupted with Ctrl-C after 41 of 180 s."
    assert any("cloudflare was failing. 17 of 40 answers" in problem for problem in found.problems)
    assert any("The function could not be changed." in problem for problem in found.problems)
    assert _said(sample.partial())["Latency"] == "Nothing to compare: fewer than two targets have enough samples."
    assert any("aws was down: none of its figures stand." in problem for problem in summary(sample.down()).problems)


def test_a_generator_that_left_its_schedule_is_a_problem() -> None:
    report = sample.full()
    assert report.latency is not None
    cells = (replace(report.latency.cells[0], late_p99=4.2), *report.latency.cells[1:])
    found = summary(replace(report, latency=replace(report.latency, cells=cells)))
    assert "more than 1 ms at p99 in 1 of 12 measurements, at most by 4.20 ms" in " ".join(found.problems)
