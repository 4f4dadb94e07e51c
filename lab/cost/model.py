"""What a workload costs on each platform."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import combinations

from lab.cost.bill import Bill, Cost, Line
from lab.cost.break_even import Total, break_even
from lab.cost.curve import curve
from lab.cost.fleet import Fleet
from lab.cost.meter import Charge, Free, in_words
from lab.cost.parts import notes
from lab.cost.prices import Platform, Prices
from lab.cost.tariff import Tariff, tariff
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
    tariffs = [tariff(platform, prices, workload.options, free) for platform in chosen]
    bills = tuple(bill(one, workload, today) for one in tariffs)
    totals = {one.platform.name: _total(one, workload) for one in tariffs}
    return Cost(
        workload={**workload.figures(), "free": free},
        origin={**workload.origins(), "free": "given"},
        bills=bills,
        curves=tuple(curve(name, total) for name, total in totals.items()),
        break_even=tuple(
            break_even(below.name, above.name, totals[below.name], totals[above.name])
            for below, above in combinations(sorted(chosen, key=lambda one: one.kind == "always-on"), 2)
            if below.kind == "serverless"
        ),
        notes=(*notes(bills), *_unused(workload, prices)),
    )


def bill(tariff: Tariff, workload: Workload, today: datetime.date) -> Bill:
    """One platform's month."""
    own = tariff.own(workload)
    found = tuple(tariff.charges(workload))
    sizes = (_sentence(name, own, one) for name, one in tariff.fleets(own).items())
    return Bill(
        platform=tariff.platform.name,
        title=tariff.platform.title,
        kind=tariff.platform.kind,
        region=tariff.platform.region,
        lines=tuple(_line(one, own, today) for one in found),
        total=float(sum((one.amount for one in found), Decimal(0))),
        assumptions=(*sizes, *_taken_over(tariff.platform, workload), *tariff.platform.notes),
    )


def _taken_over(platform: Platform, workload: Workload) -> Iterator[str]:
    theirs = workload.by_platform.get(platform.like, {}).keys() - workload.by_platform.get(platform.name, {}).keys()
    if theirs:
        yield f"Figures of {platform.like} are taken to hold here too: {', '.join(sorted(theirs))}."


def _unused(workload: Workload, prices: Prices) -> Iterator[str]:
    for name in workload.by_platform:
        if name not in prices.platforms:
            yield f"What holds for {name} alone was not used: the price table has no platform of that name."


def _total(tariff: Tariff, workload: Workload) -> Total:
    return cache(lambda requests: tariff.total(workload.scaled(requests)))


def _chosen(prices: Prices, names: Sequence[str]) -> tuple[Platform, ...]:
    if unknown := [name for name in names if name not in prices.platforms]:
        raise InvalidWorkloadError(
            f"no platform {', '.join(unknown)} in the price table; it has {', '.join(prices.platforms)}"
        )
    return tuple(platform for name, platform in prices.platforms.items() if not names or name in names)


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
