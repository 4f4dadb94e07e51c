"""Rows with the same dimensions as one group, and its figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Any, Final

from localcloud.cloudflare.analytics.dimensions import DIMENSIONS
from localcloud.cloudflare.analytics.records import Second

_NO_ERROR: Final = frozenset({"success", "clientDisconnected"})
_PERCENTS: Final[Mapping[str, float]] = MappingProxyType(
    {"P25": 0.25, "P50": 0.5, "P75": 0.75, "P90": 0.9, "P99": 0.99, "P999": 0.999}
)


def _all(values: Callable[[Second], Iterable[int]]) -> Callable[[Sequence[Second]], list[int]]:
    return lambda group: sorted(chain.from_iterable(values(second) for second in group))


_FIGURES: Final[Mapping[str, Callable[[Sequence[Second]], list[int]]]] = MappingProxyType(
    {
        "cpuTime": _all(lambda second: second.cpu),
        "wallTime": _all(lambda second: second.wall),
        "responseBodySize": _all(lambda second: second.bytes),
    }
)

# The real dataset has more: what stands here is what the Worker host knows.
SUMS: Final[Mapping[str, Callable[[Sequence[Second]], int]]] = MappingProxyType(
    {
        "cpuTimeUs": lambda group: sum(sum(second.cpu) + second.background for second in group),
        "errors": lambda group: sum(len(second.cpu) for second in group if second.status not in _NO_ERROR),
        "requests": lambda group: sum(len(second.cpu) for second in group),
        "responseBodySize": lambda group: sum(sum(second.bytes) for second in group),
        "subrequests": lambda group: sum(second.subrequests for second in group),
        "wallTime": lambda group: sum(sum(second.wall) for second in group),
    }
)
EXTREMES: Final = tuple(_FIGURES)
QUANTILES: Final = tuple(f"{figure}{percent}" for figure in _FIGURES for percent in _PERCENTS)


def grouped(seconds: Iterable[Second], dimensions: Sequence[str]) -> list[dict[str, Any]]:
    """A group for each value of the dimensions, in the order of its first second; one for all without dimensions."""
    groups: dict[tuple[str, ...], list[Second]] = {}
    for second in seconds:
        groups.setdefault(tuple(DIMENSIONS[name](second) for name in dimensions), []).append(second)
    return [
        {"dimensions": dict(zip(dimensions, values, strict=True)), **_figures(group)}
        for values, group in groups.items()
    ]


def _figures(group: Sequence[Second]) -> dict[str, Any]:
    ordered = {figure: values(group) for figure, values in _FIGURES.items()}
    return {
        "sum": {name: of(group) for name, of in SUMS.items()},
        "max": {figure: max(values, default=0) for figure, values in ordered.items()},
        "min": {figure: min(values, default=0) for figure, values in ordered.items()},
        "quantiles": {
            f"{figure}{percent}": _quantile(values, q)
            for figure, values in ordered.items()
            for percent, q in _PERCENTS.items()
        },
        # Nothing is sampled here: each row stands for itself.
        "avg": {"sampleInterval": 1.0},
    }


def _quantile(ordered: Sequence[int], q: float) -> float:
    """The smallest value that a share of `q` does not exceed."""
    return float(ordered[max(0, math.ceil(q * len(ordered)) - 1)]) if ordered else 0.0
