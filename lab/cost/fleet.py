"""How many units (tasks, instances, shards, capacity units) a workload needs, hour by hour of its day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from lab.cost.measures import HOURS_A_MONTH, VOCABULARY, number
from lab.cost.prices import Size, Units
from lab.cost.shape import HOURS, Shape
from lab.cost.workload import Workload

_SECONDS_A_MONTH: Final = HOURS_A_MONTH * 3600
_DIGITS: Final = 9
MEMORY: Final = "memory_mb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """`mean` units over the month and `most` in the busiest hour, all of one size. `fits`: a process has the memory
    it needs.
    """

    mean: Decimal
    most: Decimal
    size: Size
    fits: bool


def fleet(units: Units, workload: Workload) -> Fleet:
    """As many as hold the largest of the demands, at least the minimum. What is not metered afterwards must hold the
    busiest minute of an hour: what is missing then is not there in time.
    """
    size, fits = _size(units, workload)
    need = max(
        (
            _DEMANDS[name].of(workload) / (holds * units.utilisation)
            for name, holds in size.holds.items()
            if name in _DEMANDS
        ),
        default=Decimal(0),
    )
    burst = Decimal(1) if units.scaling == "metered" else number(workload.shape.burst)
    hours = [_count(units, need * share * burst) for share in _of_the_mean(workload.shape)]
    most = max(hours)
    mean = most if units.scaling == "peak" else sum(hours, Decimal(0)) / len(hours)
    return Fleet(mean=mean, most=most, size=size, fits=fits)


@lru_cache(maxsize=16)
def _of_the_mean(shape: Shape) -> tuple[Decimal, ...]:
    # Each hour's load over the day's mean. Many loads are asked for with one shape.
    return tuple(number(share) * HOURS for share in shape.shares)


def _size(units: Units, workload: Workload) -> tuple[Size, bool]:
    for size in units.sizes:
        if size.holds.get(MEMORY, Decimal("Infinity")) >= number(workload.process_mb):
            return size, True
    return units.sizes[-1], False


def _count(units: Units, need: Decimal) -> Decimal:
    if units.scaling == "metered":
        return max(units.minimum, need)
    # Weights of hours are no decimal fractions: their noise must not ask for one unit more.
    return max(units.minimum, round(need, _DIGITS).to_integral_value(rounding=ROUND_CEILING))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Demand:
    meaning: str
    of: Callable[[Workload], Decimal]


def _a_second(measure: str, *more: str) -> Callable[[Workload], Decimal]:
    def rate(workload: Workload) -> Decimal:
        whole = sum((VOCABULARY[name].of(workload).quantity(None) for name in (measure, *more)), Decimal(0))
        return whole / _SECONDS_A_MONTH

    return rate


_CPU: Final = ("cpu_ms", "message_cpu_ms", "record_cpu_ms", "tick_cpu_ms", "workflow_cpu_ms")

_DEMANDS: Final[Mapping[str, _Demand]] = MappingProxyType(
    {
        "cpu_cores": _Demand(
            meaning="processors busy, requests and handlers together", of=lambda w: _a_second(*_CPU)(w) / 1000
        ),
        "requests_per_second": _Demand(meaning="requests of clients a second", of=_a_second("requests")),
        "new_connections_per_second": _Demand(
            meaning="connections opened a second",
            of=lambda w: _a_second("requests")(w) * number(w.connection_share),
        ),
        "gb_per_hour": _Demand(
            meaning="requests and answers through a load balancer",
            of=lambda w: number(w.requests) * number(w.request_bytes + w.response_bytes) / 10**9 / HOURS_A_MONTH,
        ),
        "concurrent_requests": _Demand(
            meaning="requests under way at once", of=lambda w: _a_second("requests")(w) * number(w.wall_ms) / 1000
        ),
        "records_per_second": _Demand(meaning="records put into streams a second", of=_a_second("records")),
        "record_bytes_per_second": _Demand(
            meaning="bytes put into streams a second", of=lambda w: _a_second("records")(w) * number(w.record_bytes)
        ),
    }
)
DEMANDS: Final[Mapping[str, str]] = MappingProxyType({name: demand.meaning for name, demand in _DEMANDS.items()})
"""What a size can hold, by name. `memory_mb` is besides: what one unit has for a process."""
