"""What came, went or reads differently between two reports, where there is no figure to subtract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from lab.report.model import Report

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One such thing: `what` it is about (target, resource, price, matrix, advice), and how it reads."""

    what: str
    kind: Literal["came", "went", "changed"]
    name: str
    text: str = ""


def cautions(old: Report, new: Report) -> tuple[str, ...]:
    """Why the two reports' figures may differ although nothing was changed in what they measure."""
    found = [
        f"{which} report is partial: {report.partial}"
        for which, report in (("The earlier", old), ("This", new))
        if report.partial
    ]
    if old.method.machine != new.method.machine:
        found.append(f"Measured from another machine: {new.method.machine}; before, {old.method.machine}.")
    if old.method.lab != new.method.lab:
        found.append(f"Made by another version of the lab: {new.method.lab}; before, {old.method.lab}.")
    origins = _origins(old)
    found += [
        f"{name} was {origins[name]} before and is {origin} now: its latencies cannot be compared."
        for name, origin in _origins(new).items()
        if origins.get(name, origin) != origin
    ]
    if old.cost is not None and new.cost is not None:
        pairs = _pairs(old.cost.workload, new.cost.workload)
        found += [f"The priced workload's {key} is {now}; before, {then}." for key, then, now in pairs if then != now]
    return tuple(found)


def events(old: Report, new: Report) -> tuple[Event, ...]:
    """All of them, by what they are about."""
    return tuple(event for what, texts in _TEXTS.items() for event in _compared(what, texts(old), texts(new)))


def _compared(what: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Event]:
    for name, then, text in _pairs(before, now):
        if then is None:
            yield Event(what=what, kind="came", name=name, text=text or "")
        elif text is None:
            yield Event(what=what, kind="went", name=name, text=then)
        elif then != text:
            yield Event(what=what, kind="changed", name=name, text=f"{text}; before, {then}")


def _pairs(
    before: Mapping[str, _Value], now: Mapping[str, _Value]
) -> Iterator[tuple[str, _Value | None, _Value | None]]:
    for name in [*now, *(name for name in before if name not in now)]:
        yield name, before.get(name), now.get(name)


def _origins(report: Report) -> Mapping[str, str]:
    return {target.name: target.origin for target in report.latency.targets} if report.latency else {}


def _targets(report: Report) -> Mapping[str, str]:
    if report.latency is None:
        return {}
    return {
        target.name: f"{target.state}{': ' if target.problems else ''}{' '.join(target.problems)}"
        for target in report.latency.targets
    }


def _resources(report: Report) -> Mapping[str, str]:
    return {
        f"{cloud.name} {resource.name}": resource.type
        for cloud in (report.lockin.clouds if report.lockin else ())
        for capability in cloud.capabilities
        for resource in capability.resources
    }


def _leaks(report: Report) -> Mapping[str, str]:
    # By what leaks, not by its line: code above it may move.
    return {f"{leak.path}: {leak.what}": "" for leak in (report.lockin.leaks if report.lockin else ())}


def _prices(report: Report) -> Mapping[str, str]:
    return {
        f"{bill.platform} {line.capability}, {line.dimension}": line.price
        for bill in (report.cost.bills if report.cost else ())
        for line in bill.lines
    }


def _matrix(report: Report) -> Mapping[str, str]:
    return {f"{row.capability} {row.id}": row.difference for row in report.matrix}


def _advice(report: Report) -> Mapping[str, str]:
    return {each.rule: each.choose for each in report.advice if each.applies}


_TEXTS: Mapping[str, Callable[[Report], Mapping[str, str]]] = {
    "target": _targets,
    "resource": _resources,
    "leak": _leaks,
    "price": _prices,
    "matrix": _matrix,
    "advice": _advice,
}
