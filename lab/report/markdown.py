"""The report for a pull request: GitHub-flavoured Markdown, short; the rest stands in the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lab.cost.bill import Cost
from lab.latency import Cell, Latency
from lab.lockin.findings import LockIn
from lab.report.changes import Change, Changes
from lab.report.measures import quantile_name
from lab.report.model import Report
from lab.report.summary import summary
from lab.report.verdicts import Verdict, verdicts
from lab.report.words import amount, number, one, place_words, share

_SHOWN_QUANTILES: Final = (0.5, 0.99)
_SHOWN_CHANGES: Final = 20
_SHOWN_EVENTS: Final = 20
_BOLD: Final = re.compile(r"\*\*([^*]+)\*\* (.*)")
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>|#~$])")


def markdown(report: Report, changes: Changes | None = None) -> str:
    """Ends with a line break."""
    blocks = [f"## {_text(report.title)}", *_summary(report, changes)]
    if changes is not None:
        blocks += _changes(changes)
    if report.latency is not None and report.latency.cells:
        blocks += _latency(report.latency)
    if report.cost is not None:
        blocks += _cost(report.cost)
    if report.lockin is not None:
        blocks += _lockin(report.lockin)
    blocks.append(_method(report))
    return "\n\n".join(blocks) + "\n"


def _summary(report: Report, changes: Changes | None) -> Iterator[str]:
    found = summary(report, changes)
    if found.problems:
        yield "> [!WARNING]\n" + "\n".join(f"> - {_text(problem)}" for problem in found.problems)
    if found.origin:
        yield f"> [!NOTE]\n> {_text(found.origin)}"
    if found.headlines:
        yield "\n".join(
            f"- **{each.topic}.** {_text(each.says)} {_text(' '.join(each.evidence))}".rstrip()
            for each in found.headlines
        )


def _latency(latency: Latency) -> Iterator[str]:
    origins = {target.name: target.origin for target in latency.targets}
    yield "### Latency\n\nMilliseconds of warm requests, with 95 % intervals."
    columns = [f"{name} ({origin})" for name, origin in origins.items()]
    yield _table(("Request", "Load", "", *columns, "Difference"), _rows(latency, tuple(origins)))


def _rows(latency: Latency, names: Sequence[str]) -> Iterator[Sequence[str]]:
    cells = {(cell.endpoint, cell.level, cell.target): cell for cell in latency.cells}
    found = {(each.endpoint, each.level, each.q): each for each in verdicts(latency)}
    for endpoint, level in dict.fromkeys((cell.endpoint, cell.level) for cell in latency.cells):
        for q in _SHOWN_QUANTILES:
            values = [_quantile(cells.get((endpoint, level, name)), q) for name in names]
            yield endpoint, level, quantile_name(q), *values, _verdict(found.get((endpoint, level, q)))


def _quantile(cell: Cell | None, q: float) -> str:
    for quantile in cell.quantiles if cell is not None else ():
        if quantile.q == q:
            return amount(quantile.estimate, "ms") if quantile.estimate else f"fewer than {quantile.needs} samples"
    return "not measured"


def _verdict(verdict: Verdict | None) -> str:
    if verdict is None:
        return "not compared"
    if verdict.leader is None:
        return "no difference shown" + (f": {', '.join(verdict.leaders)}" if len(verdict.targets) > 2 else "")
    nearest = verdict.margins[0]
    than = f" than {nearest.other}" if len(verdict.targets) > 2 else ""
    return f"**{verdict.leader}** faster{than} by {amount(nearest.milliseconds, 'ms')}, {share(nearest.parts)}"


def _cost(cost: Cost) -> Iterator[str]:
    yield "### Cost a month"
    rows = [
        (bill.title, bill.region, one(bill.total, "USD"), str(sum(line.doubt is not None for line in bill.lines)))
        for bill in cost.bills
    ]
    yield _table(("Platform", "Region", "Total", "Doubted prices"), rows)


def _lockin(lockin: LockIn) -> Iterator[str]:
    yield "### Lock-in"
    rows = [
        (
            cloud.name,
            one(cloud.portable_share, "share") if cloud.portable_share is not None else "no code",
            f"{cloud.own_lines:,}",
            str(sum(len(each.resources) for each in cloud.capabilities)),
        )
        for cloud in lockin.clouds
    ]
    yield _table(("Cloud", "Portable share", "Own lines", "Resources"), rows)


def _changes(changes: Changes) -> Iterator[str]:
    yield f"### Since {_text(changes.before)}"
    if changes.cautions:
        yield "\n".join(f"> {_text(caution)}" for caution in changes.cautions)
    shown = [each for each in changes.figures if each.verdict != "no change shown"]
    if shown:
        yield _table(("Figure", "Before", "Now", "Change"), (_change(each) for each in shown[:_SHOWN_CHANGES]))
        if len(shown) > _SHOWN_CHANGES:
            yield f"And {len(shown) - _SHOWN_CHANGES} more, in report.html."
    yield f"No change shown in {len(changes.figures) - len(shown)} of {len(changes.figures)} figures."
    said = [f"{place_words(each.place)} {each.measure.name}: new" for each in changes.came]
    said += [f"{place_words(each.place)} {each.measure.name}: gone" for each in changes.went]
    said += [f"{event.what} {event.name} {event.kind}: {event.text}".rstrip(": ") for event in changes.events]
    if said:
        more = [f"- and {len(said) - _SHOWN_EVENTS} more"] if len(said) > _SHOWN_EVENTS else []
        yield "\n".join([*(f"- {_text(each)}" for each in said[:_SHOWN_EVENTS]), *more])


def _change(change: Change) -> Sequence[str]:
    unit = change.figure.measure.unit
    parts = f", x{number(change.ratio.value)}" if change.ratio else ""
    return (
        f"{place_words(change.figure.place)} {change.figure.measure.name}".strip(),
        amount(change.before, unit),
        amount(change.figure.estimate, unit),
        f"**{change.verdict}** {amount(change.difference, unit, signed=True)}{parts}",
    )


def _method(report: Report) -> str:
    method = report.method
    return (
        f"<sub>{method.started:%Y-%m-%d %H:%M} UTC, {method.requests:,} requests in "
        f"{number(method.seconds)} s, seed {method.seed}, lab {_text(method.lab)}, {_text(method.machine)}. "
        "Everything else: report.html</sub>"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([_escaped(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _escaped(text: str) -> str:
    """As `_text`, but for the one bold word that a cell may begin with."""
    match = _BOLD.fullmatch(text)
    return f"**{_text(match[1])}** {_text(match[2])}" if match else _text(text)


def _text(text: str) -> str:
    """Nothing of what a target or a file said becomes markup, a mention or a second line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split())).replace("@", "&#64;")
