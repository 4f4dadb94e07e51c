"""The section on latency: who is faster where, and each load with its quantiles, differences and plots."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lab.latency import Cell, Difference, Latency
from lab.report.measures import quantile_name
from lab.report.plots.quantiles import quantile_curves
from lab.report.plots.ratios import ratios
from lab.report.plots.series import Series
from lab.report.plots.timeline import thin, timeline
from lab.report.verdicts import Verdict, comparable, margin, verdicts
from lab.report.views.shown import Plot, Table, keys
from lab.report.words import amount, number, one, share, span, times

_SCORED: Final = (0.5, 0.99)
_OPEN_AT_MOST: Final = 3
_TABLE_POINTS: Final = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A figure and, smaller, its interval. `leader` is who is ahead by it, None where nobody is."""

    value: str
    span: str = ""
    leader: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a load's table; `target` is None for a row of differences."""

    name: str
    target: str | None
    texts: tuple[Text, ...]
    facts: str = ""
    """What was sent and what came back, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One endpoint at one level."""

    id: str
    endpoint: str
    level: str
    quantiles: tuple[str, ...]
    rows: tuple[Row, ...]
    plots: tuple[Plot, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """All loads of one endpoint."""

    name: str
    open: bool
    loads: tuple[Load, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One row of the table of verdicts."""

    endpoint: str
    level: str
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyView:
    """The whole section."""

    scored: tuple[str, ...]
    scores: tuple[Score, ...]
    overviews: tuple[Plot, ...]
    endpoints: tuple[Endpoint, ...]


def latency_view(latency: Latency, looks: Mapping[str, Series]) -> LatencyView:
    """Draws all plots of the section."""
    names = list(dict.fromkeys(cell.endpoint for cell in latency.cells))
    return LatencyView(
        scored=tuple(quantile_name(q) for q in _SCORED),
        scores=tuple(_scores(verdicts(latency))),
        overviews=tuple(_overviews(latency, looks)),
        endpoints=tuple(
            Endpoint(
                name=name,
                open=index == 0 or len(names) <= _OPEN_AT_MOST,
                loads=tuple(_loads(latency, looks, name, index)),
            )
            for index, name in enumerate(names)
        ),
    )


def verdict_text(verdict: Verdict | None) -> Text:
    """`aws` and `36 % faster` with its interval, or that no difference is shown."""
    if verdict is None:
        return Text(value="not compared")
    if verdict.leader is None:
        among = f" between {' and '.join(verdict.leaders)}" if len(verdict.leaders) < len(verdict.targets) else ""
        return Text(value=f"no difference shown{among}")
    nearest = verdict.margins[0]
    than = f" than {nearest.other}" if len(verdict.targets) > 2 else ""
    return Text(
        value=f"{number(nearest.parts.value * 100, digits=2)} % faster{than}",
        span=f"{number(nearest.parts.low * 100, digits=2)} to {number(nearest.parts.high * 100, digits=2)} %; "
        f"{amount(nearest.milliseconds, 'ms')}",
        leader=verdict.leader,
    )


def _scores(found: Sequence[Verdict]) -> Iterator[Score]:
    by_place = {(each.endpoint, each.level, each.q): each for each in found}
    for endpoint, level in dict.fromkeys((each.endpoint, each.level) for each in found):
        texts = tuple(verdict_text(by_place.get((endpoint, level, q))) for q in _SCORED)
        yield Score(endpoint=endpoint, level=level, texts=texts)


def _overviews(latency: Latency, looks: Mapping[str, Series]) -> Iterator[Plot]:
    scored = [each for each in comparable(latency) if each.q in _SCORED]
    for index, (first, second) in enumerate(dict.fromkeys((each.first, each.second) for each in scored)):
        found = [each for each in scored if (each.first, each.second) == (first, second)]
        shown = sum(each.shown for each in found)
        yield Plot(
            id=f"ratios-{index}",
            title=f"{second} against {first}, all loads",
            alternative=f"Time of {second} over time of {first} at p50 and p99 of each load, with 95 % intervals. A "
            f"difference is shown in {shown} of {len(found)}.",
            drawing=ratios(found, looks, f"ratios-{index}"),
            keys=keys(looks, (first, second), latency),
            table=Table(
                caption=f"Time of {second} over time of {first}",
                head=("Load", "Ratio", "95 % interval", "Verdict"),
                rows=tuple(
                    (
                        f"{each.endpoint} at {each.level}, {quantile_name(each.q)}",
                        number(each.ratio.value),
                        f"{number(each.ratio.low)} to {number(each.ratio.high)}",
                        _said(each),
                    )
                    for each in found
                ),
            ),
            note="Hollow and grey where no difference is shown.",
        )


def _said(each: Difference) -> str:
    if not each.shown:
        return "no difference shown"
    return f"{each.second if each.difference.value < 0 else each.first} faster"


def _loads(latency: Latency, looks: Mapping[str, Series], endpoint: str, number_: int) -> Iterator[Load]:
    levels = dict.fromkeys(cell.level for cell in latency.cells if cell.endpoint == endpoint)
    for index, level in enumerate(levels):
        cells = [cell for cell in latency.cells if (cell.endpoint, cell.level) == (endpoint, level)]
        qs = list(dict.fromkeys(quantile.q for cell in cells for quantile in cell.quantiles))
        found = [each for each in comparable(latency) if (each.endpoint, each.level) == (endpoint, level)]
        name = f"load-{number_}-{index}"
        yield Load(
            id=name,
            endpoint=endpoint,
            level=level,
            quantiles=tuple(quantile_name(q) for q in qs),
            rows=(*(_cell(cell, qs) for cell in cells), *_differences(found, qs)),
            plots=tuple(_plots(latency, cells, looks, name)),
            errors=tuple(
                f"{cell.target}: {', '.join(f'{kind} {count:,}' for kind, count in cell.errors.items())}"
                for cell in cells
                if cell.errors
            ),
        )


def _cell(cell: Cell, qs: Sequence[float]) -> Row:
    by_q = {quantile.q: quantile for quantile in cell.quantiles}
    texts = []
    for q in qs:
        quantile = by_q.get(q)
        if quantile is None:
            texts.append(Text(value="not measured"))
        elif quantile.estimate is None:
            texts.append(Text(value="too few", span=f"needs {quantile.needs:,} samples"))
        else:
            texts.append(Text(value=one(quantile.estimate.value, "ms"), span=span(quantile.estimate, "ms")))
    return Row(
        name=cell.target,
        target=cell.target,
        texts=tuple(texts),
        facts=_facts(cell),
    )


def _facts(cell: Cell) -> str:
    errors = amount(cell.error_rate, "share") if cell.samples else "nothing was sent"
    return (
        f"{one(cell.achieved, '/s')} answered of {one(cell.offered, '/s')} offered in {times(cell.rounds, 'round')}; "
        f"{cell.warm:,} warm and {cell.cold:,} cold; errors {errors}; {number(cell.in_flight, digits=2)} under way on "
        f"average; generator {one(cell.late_p99, 'ms')} late at p99."
    )


def _differences(found: Sequence[Difference], qs: Sequence[float]) -> Iterator[Row]:
    for first, second in dict.fromkeys((each.first, each.second) for each in found):
        by_q = {each.q: each for each in found if (each.first, each.second) == (first, second)}
        yield Row(
            name=f"{second} against {first}",
            target=None,
            texts=tuple(_difference(by_q.get(q)) for q in qs),
        )


def _difference(each: Difference | None) -> Text:
    if each is None:
        return Text(value="not compared")
    if not each.shown:
        return Text(value="no difference shown", span=f"{span(each.difference, 'ms', signed=True)} ms")
    found = margin(each, each.second if each.difference.value < 0 else each.first)
    return Text(
        value=f"{one(found.milliseconds.value, 'ms')} faster",
        span=f"{span(found.milliseconds, 'ms')}; {share(found.parts)}",
        leader=found.leader,
    )


def _plots(latency: Latency, cells: Sequence[Cell], looks: Mapping[str, Series], prefix: str) -> Iterator[Plot]:
    where = f"{cells[0].endpoint} at {cells[0].level}"
    curved = [cell for cell in cells if cell.distribution]
    if curved:
        yield Plot(
            id=f"{prefix}-curve",
            title=f"Distribution, {where}",
            alternative=f"Latency over quantiles. {' '.join(_quantiles(cell) for cell in curved)}",
            drawing=quantile_curves(curved, looks, f"{prefix}-curve"),
            keys=keys(looks, [cell.target for cell in curved], latency),
            table=_curve_table(curved, where),
        )
    timed = [cell for cell in cells if any(moment.p50 is not None for moment in cell.timeline)]
    if timed:
        yield Plot(
            id=f"{prefix}-time",
            title=f"Timeline, {where}",
            alternative=f"Latency over the comparison's time. {' '.join(_range(cell) for cell in timed)}",
            drawing=timeline(timed, looks, f"{prefix}-time"),
            keys=keys(looks, [cell.target for cell in timed], latency),
            table=_time_table(timed, where),
            note="Crosses at the top are seconds with errors." if any(cell.errors for cell in timed) else "",
        )


def _quantiles(cell: Cell) -> str:
    said = [
        f"{quantile_name(quantile.q)} {amount(quantile.estimate, 'ms')}"
        for quantile in cell.quantiles
        if quantile.estimate is not None
    ]
    return f"{cell.target}: {', '.join(said) or 'too few samples for quantiles'}."


def _range(cell: Cell) -> str:
    medians = [moment.p50 for moment in cell.timeline if moment.p50 is not None]
    slowest = max((moment.maximum for moment in cell.timeline if moment.maximum is not None), default=max(medians))
    return (
        f"{cell.target}: medians of a second from {one(min(medians), 'ms')} to {one(max(medians), 'ms')}, slowest "
        f"request {one(slowest, 'ms')}."
    )


def _curve_table(cells: Sequence[Cell], where: str) -> Table:
    def at(cell: Cell, q: float) -> str:
        nearest = min(cell.distribution, key=lambda point: abs(point[0] - q))
        return one(nearest[1], "ms") if q <= cell.distribution[-1][0] else "too few"

    return Table(
        caption=f"Distribution of {where}, the nearest measured point to each quantile",
        head=("Quantile", *(cell.target for cell in cells)),
        rows=tuple((quantile_name(q), *(at(cell, q) for cell in cells)) for q in _TABLE_POINTS),
    )


def _time_table(cells: Sequence[Cell], where: str) -> Table:
    rows = sorted(
        itertools.chain.from_iterable(((moment, cell.target) for moment in thin(cell.timeline)) for cell in cells),
        key=lambda pair: pair[0].second,
    )
    return Table(
        caption=f"Timeline of {where}",
        head=("Second", "Target", "Requests", "Median", "Slowest", "Errors"),
        rows=tuple(
            (
                f"{moment.second:,.0f}",
                target,
                f"{moment.samples:,}",
                one(moment.p50, "ms") if moment.p50 is not None else "none",
                one(moment.maximum, "ms") if moment.maximum is not None else "none",
                f"{moment.errors:,}",
            )
            for moment, target in rows
        ),
    )
