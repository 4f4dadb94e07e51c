"""The figures of a report as one flat list, so that two reports can be compared and bounds be stated."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from lab.cost.bill import Cost
from lab.estimate import Estimate
from lab.latency import ColdStarts, Knee, Latency
from lab.lockin.findings import LockIn
from lab.report.model import Report

Unit = Literal["ms", "share", "/s", "USD", "lines", "count"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What can be said of a report in one word, in which unit, whether less of it is better, and by what it is told
    apart (`keys`).
    """

    name: str
    unit: Unit
    less_is_better: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measure at one place. What was counted and not estimated has an interval of no width."""

    measure: Measure
    place: Mapping[str, str]
    estimate: Estimate

    @property
    def id(self) -> tuple[str, tuple[str, ...]]:
        """Equal in two reports for what can be compared."""
        return self.measure.name, tuple(self.place.values())


_QUANTILES: Final = (0.5, 0.9, 0.99, 0.999)


def quantile_name(q: float) -> str:
    """`p99.9` for 0.999."""
    return f"p{round(q * 100, 6):g}"


_ALL: Final = (
    *(Measure(name=quantile_name(q), unit="ms", less_is_better=True, keys=("target", "endpoint", "level"))
      for q in _QUANTILES),
    Measure(name="error-rate", unit="share", less_is_better=True, keys=("target", "endpoint", "level")),
    Measure(name="cold-p50", unit="ms", less_is_better=True, keys=("target", "method")),
    Measure(name="cold-p90", unit="ms", less_is_better=True, keys=("target", "method")),
    Measure(name="throughput", unit="/s", less_is_better=False, keys=("target", "endpoint")),
    Measure(name="cost", unit="USD", less_is_better=True, keys=("platform",)),
    Measure(name="portable-share", unit="share", less_is_better=False, keys=("cloud",)),
    Measure(name="own-lines", unit="lines", less_is_better=True, keys=("cloud",)),
    Measure(name="unmatched-resources", unit="count", less_is_better=True, keys=("cloud",)),
    Measure(name="leaks", unit="count", less_is_better=True, keys=()),
)  # fmt: skip
MEASURES: Final[Mapping[str, Measure]] = MappingProxyType({measure.name: measure for measure in _ALL})


def figures(report: Report) -> tuple[Figure, ...]:
    """All figures of `report` that are there: a target that is down has none."""
    found: list[Figure] = []
    if report.latency is not None:
        found += _latency(report.latency)
    if report.cost is not None:
        found += _cost(report.cost)
    if report.lockin is not None:
        found += _lockin(report.lockin)
    return tuple(found)


def priced_requests(cost: Cost) -> float | None:
    """Requests a month of the priced workload, where it has a figure of that name."""
    match cost.workload.get("requests"):
        case bool() | str() | None:
            return None
        case found:
            return float(found) if found > 0 else None


def _latency(latency: Latency) -> Iterator[Figure]:
    for cell in latency.cells:
        place = (cell.target, cell.endpoint, cell.level)
        for quantile in cell.quantiles:
            if quantile.estimate is not None and quantile_name(quantile.q) in MEASURES:
                yield _figure(quantile_name(quantile.q), quantile.estimate, *place)
        if cell.samples:
            yield _figure("error-rate", cell.error_rate, *place)
    for cold in latency.cold_starts:
        yield from _cold(cold)
    for knee in latency.knees:
        yield _figure("throughput", _rate(knee), knee.target, knee.endpoint)


def _cold(cold: ColdStarts) -> Iterator[Figure]:
    for quantile in cold.quantiles:
        name = f"cold-{quantile_name(quantile.q)}"
        if quantile.estimate is not None and name in MEASURES:
            yield _figure(name, quantile.estimate, cold.target, cold.method)


def _rate(knee: Knee) -> Estimate:
    """The knee lies somewhere from the highest step that was kept up with to the next one."""
    rate = knee.rate or 0.0
    beyond = [step.offered for step in knee.steps if step.offered > rate]
    return Estimate(value=rate, low=rate, high=min(beyond, default=rate))


def _cost(cost: Cost) -> Iterator[Figure]:
    for bill in cost.bills:
        yield _figure("cost", _exactly(bill.total), bill.platform)


def _lockin(lockin: LockIn) -> Iterator[Figure]:
    yield _figure("leaks", _exactly(len(lockin.leaks)))
    for cloud in lockin.clouds:
        if cloud.portable_share is not None:
            yield _figure("portable-share", _exactly(cloud.portable_share), cloud.name)
        yield _figure("own-lines", _exactly(cloud.own_lines), cloud.name)
        resources = itertools.chain.from_iterable(each.resources for each in cloud.capabilities)
        unmatched = {each.name for each in resources if each.counterpart is None}
        yield _figure("unmatched-resources", _exactly(len(unmatched)), cloud.name)


def _exactly(value: float) -> Estimate:
    return Estimate(value=value, low=value, high=value)


def _figure(name: str, estimate: Estimate, *place: str) -> Figure:
    measure = MEASURES[name]
    return Figure(
        measure=measure,
        place=MappingProxyType(dict(zip(measure.keys, place, strict=True))),
        estimate=estimate,
    )
