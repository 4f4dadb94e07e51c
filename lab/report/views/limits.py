"""The sections on what else was timed: phases of connections, steps up to the limit, cold starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lab.latency import Knee, Latency
from lab.report.measures import quantile_name
from lab.report.plots.cold import cold_starts
from lab.report.plots.series import Series
from lab.report.plots.throughput import answered, slowed
from lab.report.views.shown import Plot, Table, keys
from lab.report.words import amount, number, one


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsView:
    """These sections; what was not measured is None or empty."""

    phases: Table | None
    throughput: tuple[Plot, ...]
    knees: Table | None
    cold_plot: Plot | None
    cold: Table | None
    methods: tuple[tuple[str, str], ...]


def limits_view(latency: Latency, looks: Mapping[str, Series]) -> LimitsView:
    """Draws the plots."""
    return LimitsView(
        phases=_phases(latency),
        throughput=tuple(_throughput(latency, looks)),
        knees=_knees(latency) if latency.knees else None,
        cold_plot=_cold_plot(latency, looks),
        cold=_cold(latency) if latency.cold_starts else None,
        methods=tuple(dict.fromkeys((cold.method, cold.description) for cold in latency.cold_starts)),
    )


def _phases(latency: Latency) -> Table | None:
    """One row a target and load; None where no phase was timed."""
    names = list(dict.fromkeys(phase.name for cell in latency.cells for phase in cell.phases))
    origins = {target.name: target.origin for target in latency.targets}
    rows = []
    for cell in latency.cells:
        by_name = {phase.name: phase for phase in cell.phases}
        texts = [
            f"{one(by_name[name].p50, 'ms')}, p99 {number(by_name[name].p99)} ({by_name[name].samples:,})"
            if name in by_name
            else "none"
            for name in names
        ]
        if cell.phases:
            rows.append((f"{cell.endpoint} at {cell.level}", f"{cell.target} ({origins[cell.target]})", *texts))
    if not rows:
        return None
    return Table(
        caption="Connection phases: median, p99 and number of requests that had them",
        head=("Load", "Target", *names),
        rows=tuple(rows),
    )


def _knees(latency: Latency) -> Table:
    origins = {target.name: target.origin for target in latency.targets}
    return Table(
        caption="The highest step that each target kept up with",
        head=("Target", "Endpoint", "Kept up with", "Why the steps ended"),
        rows=tuple(
            (
                f"{knee.target} ({origins.get(knee.target, 'origin unknown')})",
                knee.endpoint,
                one(knee.rate, "/s") if knee.rate is not None else "none of the steps",
                knee.ended,
            )
            for knee in latency.knees
        ),
    )


def _cold_plot(latency: Latency, looks: Mapping[str, Series]) -> Plot | None:
    """All cold starts; None where there are none."""
    found = [cold for cold in latency.cold_starts if cold.values]
    if not found:
        return None
    said = [
        f"{cold.target} by {cold.method}: {len(cold.values)} from {one(min(cold.values), 'ms')} to "
        f"{one(max(cold.values), 'ms')}"
        for cold in found
    ]
    return Plot(
        id="cold",
        title="Every cold start",
        alternative=f"Each cold start as a dot. {'; '.join(said)}.",
        drawing=cold_starts(found, looks, "cold"),
        keys=keys(looks, list(dict.fromkeys(cold.target for cold in found)), latency),
        table=Table(
            caption="Every cold start, in milliseconds",
            head=("Target and method", "Values"),
            rows=tuple(
                (f"{cold.target}, {cold.method}", ", ".join(map(number, sorted(cold.values)))) for cold in found
            ),
        ),
        note="The cross line below the dots is the median with its 95 % interval; hollow: a warm request's median.",
    )


def _cold(latency: Latency) -> Table:
    """Counts and quantiles of each method."""
    origins = {target.name: target.origin for target in latency.targets}
    qs = list(dict.fromkeys(quantile.q for cold in latency.cold_starts for quantile in cold.quantiles))
    rows = []
    for cold in latency.cold_starts:
        by_q = {quantile.q: quantile for quantile in cold.quantiles}
        texts = []
        for q in qs:
            estimate = by_q[q].estimate if q in by_q else None
            texts.append(amount(estimate, "ms") if estimate else "too few")
        rows.append(
            (
                f"{cold.target} ({origins.get(cold.target, 'origin unknown')}), {cold.method}",
                f"{len(cold.values):,} of {cold.asked:,}",
                *texts,
                one(cold.warm_p50, "ms") if cold.warm_p50 is not None else "not measured",
            )
        )
    return Table(
        caption="Cold starts, with 95 % intervals",
        head=("Target and method", "New instances met", *(quantile_name(q) for q in qs), "Warm p50"),
        rows=tuple(rows),
    )


def _throughput(latency: Latency, looks: Mapping[str, Series]) -> Iterator[Plot]:
    for index, endpoint in enumerate(dict.fromkeys(knee.endpoint for knee in latency.knees)):
        knees = [knee for knee in latency.knees if knee.endpoint == endpoint and knee.steps]
        shown = keys(looks, [knee.target for knee in knees], latency)
        if any(step.achieved > 0 for knee in knees for step in knee.steps):
            yield Plot(
                id=f"answered-{index}",
                title=f"Answered, {endpoint}",
                alternative=f"Requests a second answered over offered. {' '.join(_kept(knee) for knee in knees)}",
                drawing=answered(knees, looks, f"answered-{index}"),
                keys=shown,
                table=_steps(knees, f"Steps of {endpoint}"),
            )
        timed = [knee for knee in knees if any(step.p99 for step in knee.steps)]
        if timed:
            yield Plot(
                id=f"slowed-{index}",
                title=f"p99 under rising load, {endpoint}",
                alternative=f"p99 over requests a second offered. {' '.join(_slowest(knee) for knee in timed)}",
                drawing=slowed(timed, looks, f"slowed-{index}"),
                keys=shown,
                table=_steps(timed, f"Steps of {endpoint}, and how slow they were"),
            )


def _kept(knee: Knee) -> str:
    return f"{knee.target} keeps up with {one(knee.rate, '/s') if knee.rate is not None else 'no step'}."


def _slowest(knee: Knee) -> str:
    values = [step.p99 for step in knee.steps if step.p99 is not None]
    return f"{knee.target}: from {one(min(values), 'ms')} to {one(max(values), 'ms')}."


def _steps(knees: Sequence[Knee], caption: str) -> Table:
    return Table(
        caption=caption,
        head=("Target", "Offered", "Answered", "p50", "p99", "Errors"),
        rows=tuple(
            (
                knee.target,
                one(step.offered, "/s"),
                one(step.achieved, "/s"),
                one(step.p50, "ms") if step.p50 is not None else "none",
                one(step.p99, "ms") if step.p99 is not None else "none",
                f"{step.errors:,}",
            )
            for knee in knees
            for step in knee.steps
        ),
    )
