"""Serverless against always-on for one workload: who is cheaper, by how much, and where that turns."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Final

from lab.advice.case import Case
from lab.advice.compared import Comparison
from lab.advice.peak import with_peak
from lab.advice.words import ms, requests, times
from lab.cost.bill import BreakEven
from lab.cost.break_even import Crossing, break_even, crossings
from lab.cost.workload import Workload

_HUNDREDTHS: Final = 100
_HIGHEST_PEAK: Final = 1_000
_HIGHEST_FACTOR: Final = 1_000


def preferred(case: Case) -> tuple[str, ...]:
    """The serverless platforms from which the cheapest is taken: those near the users where latency matters."""
    near = tuple(name for name in case.serverless if case.reaches_edge(name))
    return near if case.latency_matters and near else case.serverless


def compare(case: Case, workload: Workload | None = None) -> Comparison | None:
    """None where the table of prices, or what the workload needs, leaves none of one kind."""
    work = case.workload if workload is None else workload
    first = case.cheapest(preferred(case), work)
    second = case.cheapest(case.always_on, work)
    if first is None or second is None:
        return None
    return Comparison(
        serverless=first,
        always_on=second,
        serverless_usd=case.total(first, work),
        always_on_usd=case.total(second, work),
    )


def break_even_of(case: Case, serverless: str, always_on: str) -> BreakEven:
    """As the cost model finds it between these two."""

    def total(platform: str) -> Callable[[int], Decimal]:
        return cache(lambda load: case.total(platform, case.workload.scaled(load)))

    return break_even(serverless, always_on, total(serverless), total(always_on))


def turns(case: Case) -> tuple[str, ...]:
    """Where serverless and always-on change places, all else as it is: by load, by peak, by duration."""
    if not case.always_on or not preferred(case):
        return ()
    work = case.workload
    peak, wall = work.shape.peak, work.wall_ms
    return (
        *_by_load(case),
        *_said(
            _nearest(
                _points(
                    case,
                    lambda at: dataclasses.replace(work, shape=with_peak(work.shape, at / _HUNDREDTHS)),
                    _HUNDREDTHS,
                    _HIGHEST_PEAK * _HUNDREDTHS,
                ),
                peak * _HUNDREDTHS,
            ),
            lambda at: f"a peak of {times(at / _HUNDREDTHS)} the mean (now {times(peak)})",
        ),
        *_said(
            _nearest(
                _points(case, lambda at: lasting(work, at / _HUNDREDTHS), 1, _HIGHEST_FACTOR * _HUNDREDTHS),
                _HUNDREDTHS,
            ),
            lambda at: f"requests of {ms(wall * at / _HUNDREDTHS)} (now {ms(wall)}), processor time in proportion",
        ),
    )


def _by_load(case: Case) -> tuple[str, ...]:
    if not case.workload.requests:
        return ()
    points = crossings(*_both(case, case.workload.scaled))
    return _said(
        _nearest(points, case.workload.requests),
        lambda at: f"{requests(at)} (now {requests(case.workload.requests)})",
    )


def lasting(workload: Workload, factor: float) -> Workload:
    """With requests that take so many times as long, processor time included."""
    durations = ("wall_ms", "cpu_ms")
    special = {
        platform: MappingProxyType(
            {name: value * factor if name in durations else value for name, value in own.items()}
        )
        for platform, own in workload.by_platform.items()
    }
    return dataclasses.replace(
        workload,
        wall_ms=workload.wall_ms * factor,
        cpu_ms=workload.cpu_ms * factor,
        by_platform=MappingProxyType(special),
    )


def _points(case: Case, of: Callable[[int], Workload], lowest: int, highest: int) -> tuple[Crossing, ...]:
    return crossings(*_both(case, of), lowest=lowest, highest=highest)


def _both(case: Case, of: Callable[[int], Workload]) -> tuple[Callable[[int], Decimal], Callable[[int], Decimal]]:
    def least(platforms: tuple[str, ...]) -> Callable[[int], Decimal]:
        def total(at: int) -> Decimal:
            work = of(at)
            return min(case.total(name, work) for name in platforms)

        return total

    return least(preferred(case)), least(case.always_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    above: bool
    crossing: Crossing


def _nearest(points: tuple[Crossing, ...], now: float) -> tuple[_Turn, ...]:
    below = [point for point in points if point.requests <= now]
    above = [point for point in points if point.requests > now]
    return (
        *(_Turn(above=False, crossing=point) for point in below[-1:]),
        *(_Turn(above=True, crossing=point) for point in above[:1]),
    )


def _said(found: tuple[_Turn, ...], where: Callable[[float], str]) -> tuple[str, ...]:
    sentences = []
    for turn in found:
        after = turn.crossing.first_is_cheaper
        other = "serverless" if (after if turn.above else not after) else "always-on"
        side = "from" if turn.above else "below"
        sentences.append(f"{side} {where(turn.crossing.requests)} {other} is the cheaper kind")
    return tuple(sentences)
