"""What changed between two reports: what the intervals show, and what came or went."""

from dataclasses import replace

from lab.report.changes import changes
from lab.report.model import Report
from tests.lab.report import sample


def test_nothing_is_shown_between_a_report_and_itself() -> None:
    found = changes(sample.full(), sample.full())
    assert {each.verdict for each in found.figures} == {"no change shown"}
    assert (found.came, found.went, found.events, found.cautions) == ((), (), (), ())


def test_a_slower_target_is_shown_and_the_other_is_not() -> None:
    found = changes(sample.full(), sample.slower(sample.full(), "aws", 1.5))
    worse = [each for each in found.figures if each.verdict == "worse"]
    assert {each.figure.place["target"] for each in worse} == {"aws"}
    p50 = next(each for each in worse if each.figure.measure.name == "p50")
    assert p50.ratio is not None
    assert p50.ratio.low < 1.5 < p50.ratio.high
    back = changes(sample.slower(sample.full(), "aws", 1.5), sample.full())
    assert len([each for each in back.figures if each.verdict == "better"]) == len(worse)


def test_a_difference_within_the_intervals_is_no_change() -> None:
    found = changes(sample.full(), sample.slower(sample.full(), "aws", 1.01))
    assert {each.verdict for each in found.figures} == {"no change shown"}


def test_a_larger_portable_share_is_better_and_a_higher_bill_worse() -> None:
    new = sample.full()
    assert new.lockin is not None
    assert new.cost is not None
    clouds = tuple(replace(cloud, portable_share=0.9) for cloud in new.lockin.clouds)
    bills = tuple(replace(bill, total=bill.total + 1) for bill in new.cost.bills)
    new = replace(new, lockin=replace(new.lockin, clouds=clouds), cost=replace(new.cost, bills=bills))
    verdicts = {
        (each.figure.measure.name, each.verdict)
        for each in changes(sample.full(), new).figures
        if each.verdict != "no change shown"
    }
    assert verdicts == {("portable-share", "better"), ("cost", "worse")}


def test_what_came_and_went_is_named() -> None:
    old, new = sample.full(), _with_other_resources(sample.three())
    found = changes(old, new)
    assert {figure.place["target"] for figure in found.came if "target" in figure.place} == {"edge"}
    said = {(event.what, event.kind, event.name) for event in found.events}
    assert {
        ("resource", "went", "aws api-table"),
        ("target", "came", "edge"),
        ("matrix", "went", "http_api memory"),
    } <= said
    gone = changes(new, old)
    assert len(gone.went) == len(found.came)


def test_why_two_runs_may_differ_by_themselves_is_said() -> None:
    old = sample.full()
    assert old.cost is not None
    workload = {**old.cost.workload, "requests": 5.0}
    new = replace(
        sample.mixed(),
        partial="Interrupted.",
        method=replace(old.method, machine="Another one", lab="0.2.0"),
        cost=replace(old.cost, workload=workload),
    )
    said = " ".join(changes(sample.three(), new).cautions)
    for word in (
        "partial: Interrupted.",
        "another machine: Another one",
        "0.2.0",
        "edge was emulator",
        "requests is 5.0",
    ):
        assert word in said


def _with_other_resources(report: Report) -> Report:
    assert report.lockin is not None
    first, *others = report.lockin.clouds
    capabilities = tuple(replace(each, resources=()) if each.name == "state" else each for each in first.capabilities)
    clouds = (replace(first, capabilities=capabilities), *others)
    rows = tuple(row for row in report.matrix if row.id != "memory")
    return replace(report, lockin=replace(report.lockin, clouds=clouds), matrix=rows)
