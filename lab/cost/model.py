"""What a workload costs on each platform."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal

from lab.cost.bill import Bill, Cost, Line
from lab.cost.fleet import Fleet, fleet
from lab.cost.measures import measures
from lab.cost.meter import Charge, Free, Metered, charges, in_words
from lab.cost.prices import Platform, Prices
from lab.cost.workload import Workload
from lab.errors import InvalidWorkloadError


def cost(
    workload: Workload,
    prices: Prices,
    *,
    today: datetime.date,
    free: Free = "always",
    platforms: Sequence[str] = (),
) -> Cost:
    """Bills of a month on all platforms of the table, or on those named, with curves and break-even points. `today` is
    the day on which prices are judged old. Raises InvalidWorkloadError and InvalidPricesError.
    """
    chosen = _chosen(prices, platforms)
    if unknown := sorted(set(workload.options) - prices.options.keys()):
        raise InvalidWorkloadError(f"no option {', '.join(unknown)}; the price table has {', '.join(prices.options)}")
    return Cost(
        workload=workload.figures(),
        origin=dict(workload.origins()),
        bills=tuple(bill(platform, workload, prices, free=free, today=today) for platform in chosen),
        curves=(),
        break_even=(),
        notes=(),
    )


def bill(platform: Platform, workload: Workload, prices: Prices, *, free: Free, today: datetime.date) -> Bill:
    """One platform's month."""
    own = workload.on(platform.name)
    fleets = _fleets(platform, own, prices)
    found = tuple(_charged(platform, own, prices, fleets, free))
    return Bill(
        platform=platform.name,
        title=platform.title,
        kind=platform.kind,
        region=platform.region,
        lines=tuple(_line(one, own, today) for one in found),
        total=float(sum((one.amount for one in found), Decimal(0))),
        assumptions=(*(_sentence(name, own, one) for name, one in fleets.items()), *platform.notes),
    )


def total(platform: Platform, workload: Workload, prices: Prices, free: Free) -> Decimal:
    """The bill's sum alone, for curves and their crossings."""
    own = workload.on(platform.name)
    found = _charged(platform, own, prices, _fleets(platform, own, prices), free)
    return sum((one.amount for one in found), Decimal(0))


def _chosen(prices: Prices, names: Sequence[str]) -> tuple[Platform, ...]:
    if unknown := [name for name in names if name not in prices.platforms]:
        raise InvalidWorkloadError(
            f"no platform {', '.join(unknown)} in the price table; it has {', '.join(prices.platforms)}"
        )
    return tuple(platform for name, platform in prices.platforms.items() if not names or name in names)


def _charged(
    platform: Platform, workload: Workload, prices: Prices, fleets: dict[str, Fleet], free: Free
) -> Iterator[Charge]:
    metered = Metered(measures=measures(workload), fleets=fleets, options=frozenset(workload.options))
    for price in prices.of(platform.name):
        yield from charges(price, metered, free)


def _fleets(platform: Platform, workload: Workload, prices: Prices) -> dict[str, Fleet]:
    # In the order in which the prices name them.
    return {
        use.units: fleet(prices.fleet(platform.name, use.units), workload)
        for price in prices.of(platform.name)
        for use in price.chosen(workload.options)
        if use.units is not None
    }


def _line(one: Charge, workload: Workload, today: datetime.date) -> Line:
    price, use = one.price, one.use
    return Line(
        capability=use.capability,
        dimension=f"{price.dimension}: {use.what}" if use.what else price.dimension,
        quantity=float(one.quantity),
        included=float(one.taken),
        unit=price.unit,
        price=in_words(price),
        amount=float(one.amount),
        source=price.source,
        date=price.date,
        doubt=price.doubt(today),
        deployed=use.capability not in workload.not_deployed,
    )


def _sentence(name: str, workload: Workload, fleet: Fleet) -> str:
    of = f" of {fleet.size.name}" if fleet.size.name else ""
    small = "" if fleet.fits else f" (none of the sizes holds a process of {workload.process_mb:g} MB)"
    return f"{name}: {float(fleet.mean):.3g}{of} in the mean, {float(fleet.most):.3g} in the busiest hour{small}."
