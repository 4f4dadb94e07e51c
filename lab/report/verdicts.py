"""Who is faster, at one endpoint, level and quantile, as the differences' intervals say it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from lab.estimate import Estimate
from lab.latency import Difference, Latency


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """By how much `leader` is faster than `other`: milliseconds, and parts of the other's time."""

    leader: str
    other: str
    milliseconds: Estimate
    parts: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`leaders` are those that are not shown to be slower than anybody: one alone is the fastest, all together mean
    that no difference is shown. `margins` lead from the one leader to each other target, the nearest first.
    """

    endpoint: str
    level: str
    q: float
    targets: tuple[str, ...]
    leaders: tuple[str, ...]
    margins: tuple[Margin, ...]

    @property
    def leader(self) -> str | None:
        """The one that is shown to be the fastest."""
        return self.leaders[0] if len(self.leaders) == 1 else None


def comparable(latency: Latency) -> tuple[Difference, ...]:
    """The differences that mean something: an emulator's figures are not held against a cloud's."""
    origins = {target.name: target.origin for target in latency.targets}
    return tuple(each for each in latency.differences if origins.get(each.first) == origins.get(each.second))


def verdicts(latency: Latency) -> tuple[Verdict, ...]:
    """One for each endpoint, level and quantile at which targets were compared, in the differences' order."""
    places: dict[tuple[str, str, float], list[Difference]] = {}
    for difference in comparable(latency):
        places.setdefault((difference.endpoint, difference.level, difference.q), []).append(difference)
    order = [target.name for target in latency.targets]
    return tuple(_verdict(place, found, order) for place, found in places.items())


def margin(difference: Difference, leader: str) -> Margin:
    """`difference` as seen from one of its two targets."""
    milliseconds, ratio = difference.difference, difference.ratio
    if leader == difference.first:
        return Margin(
            leader=leader,
            other=difference.second,
            milliseconds=milliseconds,
            parts=Estimate(value=1 - 1 / ratio.value, low=1 - _over(ratio.low), high=1 - 1 / ratio.high),
        )
    return Margin(
        leader=leader,
        other=difference.first,
        milliseconds=Estimate(value=-milliseconds.value, low=-milliseconds.high, high=-milliseconds.low),
        parts=Estimate(value=1 - ratio.value, low=1 - ratio.high, high=1 - ratio.low),
    )


def _over(low: float) -> float:
    return 1 / low if low > 0 else float("inf")


def _verdict(place: tuple[str, str, float], found: Sequence[Difference], order: Sequence[str]) -> Verdict:
    named = set(itertools.chain.from_iterable((each.first, each.second) for each in found))
    slower = {each.second if each.difference.value > 0 else each.first for each in found if each.shown}
    leaders = tuple(name for name in order if name in named - slower)
    endpoint, level, q = place
    return Verdict(
        endpoint=endpoint,
        level=level,
        q=q,
        targets=tuple(name for name in order if name in named),
        leaders=leaders,
        margins=_margins(found, leaders[0]) if len(leaders) == 1 else (),
    )


def _margins(found: Sequence[Difference], leader: str) -> tuple[Margin, ...]:
    seen = (margin(each, leader) for each in found if leader in (each.first, each.second))
    return tuple(sorted(seen, key=lambda each: each.milliseconds.value))
