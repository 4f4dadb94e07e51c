"""Serverless against always-on for one workload: who is cheaper, by how much, and where that turns."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Final

from lab.advice.case import Case
from lab.advice.compared import Comparison, Quantity, Turn
from lab.advice.peak import with_peak
from lab.advice.words import ms
from lab.cost.bill import BreakEven
from lab.cost.break_even import Crossing, break_even, crossings, in_words
from lab.cost.workload import Workload

_HUNDREDTHS: Final = 100
_HIGHEST_PEAK: Final = 1_000
_HIGHEST_FACTOR: Final = 1_000
_FINEST: Final = 1.02
"""Changes of place nearer together than this ratio may be missed: advice does not hang on them."""


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


def turns(case: Case) -> tuple[Turn, ...]:
    """The nearest places on either side, all else as it is: by load, by peak, by duration (processor time as well)."""
    if not case.always_on or not preferred(case):
        return ()
    work = case.workload
    peak, wall = work.shape.peak, work.wall_ms
    return (
        *_nearest("requests", _load(case), work.requests, 1, lambda at: f"{in_words(at)} requests a month"),
        *_nearest("peak", _peak(case), peak, 1 / _HUNDREDTHS, lambda at: f"a peak of {at:.3g} times the mean"),
        *_nearest("ms", _duration(case), wall, wall / _HUNDREDTHS, lambda at: f"requests of {ms(at)}"),
    )


def _load(case: Case) -> tuple[Crossing, ...]:
    return crossings(*_both(case, case.workload.scaled), finest=_FINEST) if case.workload.requests else ()


def _peak(case: Case) -> tuple[Crossing, ...]:
    work = case.workload

    def peaked(at: int) -> Workload:
        return dataclasses.replace(work, shape=with_peak(work.shape, at / _HUNDREDTHS))

    return _points(case, peaked, _HUNDREDTHS, _HIGHEST_PEAK * _HUNDREDTHS)


def _duration(case: Case) -> tuple[Crossing, ...]:
    return _points(case, lambda at: lasting(case.workload, at / _HUNDREDTHS), 1, _HIGHEST_FACTOR * _HUNDREDTHS)


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
    return crossings(*_both(case, of), lowest=lowest, highest=highest, finest=_FINEST)


def _both(case: Case, of: Callable[[int], Workload]) -> tuple[Callable[[int], Decimal], Callable[[int], Decimal]]:
    def least(platforms: tuple[str, ...]) -> Callable[[int], Decimal]:
        def total(at: int) -> Decimal:
            work = of(at)
            return min(case.total(name, work) for name in platforms)

        return total

    return least(preferred(case)), least(case.always_on)


def _nearest(
    of: Quantity, points: tuple[Crossing, ...], now: float, worth: float, said: Callable[[float], str]
) -> Iterator[Turn]:
    places = [point.requests * worth for point in points]
    below = [at for at in places if at <= now][-1:]
    above = [at for at in places if at > now][:1]
    yield from (Turn(of=of, above=False, at=at, text=f"below {said(at)}") for at in below)
    yield from (Turn(of=of, above=True, at=at, text=f"from {said(at)} on") for at in above)
