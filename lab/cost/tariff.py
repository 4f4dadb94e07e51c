"""What one platform charges a workload's choice of options for, worked out once and then asked for any load."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from lab.cost.fleet import Fleet, fleet
from lab.cost.measures import measures
from lab.cost.meter import Charge, Free, Metered, charges
from lab.cost.prices import Platform, Price, Prices, Units, Use
from lab.cost.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """`charged` are the platform's prices with their chosen uses, `units` what runs by the hour there."""

    platform: Platform
    charged: tuple[tuple[Price, tuple[Use, ...]], ...]
    units: Mapping[str, Units]
    measures: frozenset[str]
    free: Free

    def charges(self, workload: Workload) -> Iterator[Charge]:
        """All that comes to anything, in the table's order."""
        own = self.own(workload)
        metered = Metered(measures=measures(own, self.measures), fleets=self.fleets(own))
        for price, uses in self.charged:
            yield from charges(price, uses, metered, self.free)

    def own(self, workload: Workload) -> Workload:
        """The work as it is done here."""
        return workload.on(self.platform.name, self.platform.like)

    def total(self, workload: Workload) -> Decimal:
        """USD a month. It never falls when a workload's requests rise."""
        return sum((one.amount for one in self.charges(workload)), Decimal(0))

    def fleets(self, own: Workload) -> dict[str, Fleet]:
        """The units that this platform's own workload needs."""
        return {name: fleet(units, own) for name, units in self.units.items()}


def tariff(platform: Platform, prices: Prices, options: Collection[str], free: Free) -> Tariff:
    """One platform's. Raises InvalidPricesError for units that it does not have."""
    charged = tuple((price, uses) for price in prices.of(platform.name) if (uses := price.chosen(options)))
    every = [use for _, uses in charged for use in uses]
    return Tariff(
        platform=platform,
        charged=charged,
        units=MappingProxyType(
            {use.units: prices.fleet(platform.name, use.units) for use in every if use.units is not None}
        ),
        measures=frozenset(
            name for use in every for name in (use.when, None if use.units else use.measure) if name is not None
        ),
        free=free,
    )
