"""The report in a minute: problems first, then one headline a part, each with the figures that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lab.contrast import difference, is_shown
from lab.cost.bill import Bill, Cost
from lab.estimate import Estimate
from lab.latency import Latency
from lab.lockin.findings import LockIn
from lab.report.changes import Changes
from lab.report.measures import priced_requests
from lab.report.model import Report
from lab.report.verdicts import Verdict, verdicts
from lab.report.words import amount, large, one, share, times

_LATE: Final = 1.0
"""Milliseconds by which a schedule may be left at p99 before it is said."""
_SHOWN_BILLS: Final = 3
_EMULATOR: Final = "Emulator figures: they show how code behaves relative to code, never the clouds' own latency."
_MIXED: Final = "Some targets are emulators and some are clouds: only those of the same kind are compared."


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What one part found, in a sentence; `evidence` are the figures behind it. `section` is its id in the page."""

    topic: str
    section: str
    says: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is read first."""

    problems: tuple[str, ...]
    origin: str | None
    headlines: tuple[Headline, ...]


def summary(report: Report, changes: Changes | None = None) -> Summary:
    """All of it; parts that were not asked for have no headline."""
    return Summary(
        problems=tuple(_problems(report)),
        origin=_origin(report.latency) if report.latency and report.latency.cells else None,
        headlines=(*(_changes(changes) if changes is not None else ()), *_headlines(report)),
    )


def _problems(report: Report) -> Iterator[str]:
    if report.partial:
        yield f"This report is partial. {report.partial}"
    if report.latency is None:
        return
    for target in report.latency.targets:
        if target.state == "down":
            yield f"{target.name} was down: none of its figures stand. {' '.join(target.problems)}".strip()
        elif target.state == "failing":
            yield f"{target.name} was failing. {' '.join(target.problems)}".strip()
        else:
            yield from (f"{target.name}: {problem}" for problem in target.problems)
    for cold in report.latency.cold_starts:
        if cold.problem:
            yield f"Cold starts of {cold.target} by {cold.method}: {cold.problem}"
    late = [cell for cell in report.latency.cells if cell.late_p99 > _LATE]
    if late:
        worst = max(late, key=lambda cell: cell.late_p99)
        yield (
            f"The generator left its own schedule by more than {_LATE:g} ms at p99 in {len(late)} of "
            f"{times(len(report.latency.cells), 'measurement')}, at most by {one(worst.late_p99, 'ms')} ("
            f"{worst.target}, {worst.endpoint} at {worst.level}); latencies count from the schedule and contain it."
        )


def _origin(latency: Latency) -> str | None:
    origins = {target.origin for target in latency.targets}
    if origins == {"emulator", "cloud"}:
        return _MIXED
    return _EMULATOR if origins == {"emulator"} else None


def _changes(changes: Changes) -> Iterator[Headline]:
    verdicts_ = Counter(each.verdict for each in changes.figures)
    worse, better = (times(verdicts_[verdict], "figure") for verdict in ("worse", "better"))
    yield Headline(
        topic="Since last time",
        section="changes",
        says=f"{worse} worse, {better} better."
        if verdicts_["worse"] or verdicts_["better"]
        else "No change shown in any figure.",
        evidence=(f"Against {changes.before}.", *changes.cautions),
    )


def _headlines(report: Report) -> Iterator[Headline]:
    if report.latency is not None:
        yield _latency(report.latency)
        if any(cold.values for cold in report.latency.cold_starts):
            yield _cold(report.latency)
    if report.cost is not None and report.cost.bills:
        yield _cost(report.cost)
    if report.lockin is not None:
        yield _lockin(report.lockin)
    yield from _advice(report)


def _advice(report: Report) -> Iterator[Headline]:
    """The first rule that applies decides."""
    first = next((each for each in report.advice if each.applies), None)
    if first is not None:
        yield Headline(topic="Advice", section="advice", says=first.choose, evidence=first.because[:1])


def _latency(latency: Latency) -> Headline:
    found = verdicts(latency)
    medians, tails = ([each for each in found if each.q == q] for q in (0.5, 0.99))
    return Headline(
        topic="Latency",
        section="latency",
        says=_says(latency, [("p50", medians), ("p99", tails)]),
        evidence=(*_tally("p50", medians), *_tally("p99", tails), *_widest("p50", medians), *_widest("p99", tails)),
    )


def _says(latency: Latency, found: Sequence[tuple[str, Sequence[Verdict]]]) -> str:
    if not latency.cells:
        return "No latency was measured."
    clauses = [_clause(name, each) for name, each in found if each]
    if not clauses:
        return "Nothing to compare: fewer than two targets have enough samples."
    said = "; ".join(clauses)
    return f"{said[0].upper() if said.startswith('no ') else said[0]}{said[1:]}."


def _clause(name: str, found: Sequence[Verdict]) -> str:
    wins = Counter(each.leader for each in found if each.leader is not None)
    if not wins:
        return f"no difference shown at {name}"
    leader, count = wins.most_common(1)[0]
    return f"{leader} is faster at {name} in {'all' if count == len(found) else count} of {len(found)}"


def _tally(name: str, found: Sequence[Verdict]) -> Iterator[str]:
    if not found:
        return
    wins = Counter(each.leader for each in found)
    said = [f"{who} faster in {often}" for who, often in wins.most_common() if who is not None]
    if wins[None]:
        said.append(f"no difference shown in {wins[None]}")
    yield f"{name} in {times(len(found), 'comparison')}: {', '.join(said)}."


def _widest(name: str, found: Sequence[Verdict]) -> Iterator[str]:
    shown = [each for each in found if each.margins]
    if shown:
        widest = max(shown, key=lambda each: each.margins[0].parts.value)
        margin = widest.margins[0]
        yield (
            f"Widest at {name}: {widest.endpoint} at {widest.level}, {margin.leader} faster than {margin.other} by "
            f"{amount(margin.milliseconds, 'ms')}, {share(margin.parts)}."
        )


def _cold(latency: Latency) -> Headline:
    origins = {target.name: target.origin for target in latency.targets}
    methods = {cold.method for cold in latency.cold_starts}
    medians: dict[str, dict[str, Estimate]] = {}
    for cold in latency.cold_starts:
        for quantile in cold.quantiles:
            if quantile.q == 0.5 and quantile.estimate is not None:
                name = cold.target if len(methods) == 1 else f"{cold.target} ({cold.method})"
                medians.setdefault(origins.get(cold.target, ""), {})[name] = quantile.estimate
    return Headline(
        topic="Cold starts",
        section="cold-starts",
        says=" ".join(_quickest(origin, found) for origin, found in medians.items()) or "Too few for a median.",
        evidence=tuple(
            f"{name}: p50 {amount(estimate, 'ms')}." for found in medians.values() for name, estimate in found.items()
        ),
    )


def _quickest(origin: str, medians: Mapping[str, Estimate]) -> str:
    if len(medians) < 2:
        return f"{next(iter(medians))} ({origin}) stands alone."
    first, second, *_ = sorted(medians, key=lambda name: medians[name].value)
    if not is_shown(difference(medians[first], medians[second])):
        return f"No difference shown between the two quickest, {first} and {second}."
    return f"{first} starts quickest."


def _cost(cost: Cost) -> Headline:
    cheapest, *others = sorted(cost.bills, key=lambda bill: bill.total)
    doubted = sum(line.doubt is not None for bill in cost.bills for line in bill.lines)
    evidence = [_dearer(others)] if others else []
    now = priced_requests(cost) or 0.0
    ends = [
        (each.requests, each.above)
        for each in cost.break_even
        if each.below == cheapest.platform and each.requests is not None and each.requests > now
    ]
    if ends:
        requests, above = min(ends)
        evidence.append(f"Up to {large(requests)} requests a month; from there {above} is cheaper.")
    if doubted:
        evidence.append(f"Rests on {times(doubted, 'price')} unverified or old, marked below.")
    return Headline(
        topic="Cost",
        section="cost",
        says=f"{cheapest.platform} is the cheapest at this workload: {one(cheapest.total, 'USD')} a month.",
        evidence=tuple(evidence),
    )


def _dearer(bills: Sequence[Bill]) -> str:
    more = f", and {times(len(bills) - _SHOWN_BILLS, 'dearer one')}" if len(bills) > _SHOWN_BILLS else ""
    return f"Then {', '.join(_bill(bill) for bill in bills[:_SHOWN_BILLS])}{more}."


def _bill(bill: Bill) -> str:
    return f"{bill.platform} {one(bill.total, 'USD')}"


def _lockin(lockin: LockIn) -> Headline:
    shares = {cloud.name: cloud.portable_share for cloud in lockin.clouds if cloud.portable_share is not None}
    says = "; ".join(f"{name} {one(value, 'share')}" for name, value in shares.items())
    evidence = [
        f"Leaving {cloud.name}: {cloud.own_lines:,} lines of its own, "
        f"{sum(len(each.resources) for each in cloud.capabilities)} resources."
        for cloud in lockin.clouds
    ]
    if lockin.leaks:
        evidence.append(f"Portable code knows a cloud in {times(len(lockin.leaks), 'place')}.")
    return Headline(
        topic="Lock-in",
        section="lock-in",
        says=f"Portable share of the code: {says}." if says else "There was no code to count.",
        evidence=tuple(evidence),
    )
