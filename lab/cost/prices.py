"""The price table: what each platform charges for, as data. prices.toml says how it is written."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal

from lab.errors import InvalidPricesError

Kind = Literal["serverless", "always-on"]
Allowance = Literal["plan", "always", "first-year"]
"""Whose an included amount is: the plan's that the base fee buys, everybody's for good, or a new account's."""

OLD_DAYS: Final = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """`price` USD for `per` units, as far as `up_to` units a month (beyond the included ones), None for no end."""

    price: Decimal
    up_to: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What of the workload is charged by a price: `measure` is one of lab.cost.measures, `times` how many of the
    price's units it counts, `step` to what its single pieces are rounded up (bytes or ms), `units` the fleet counted.
    `when` is a measure without which nothing is charged; it is charged `only` with all of these options, `unless`
    there is one of those.
    """

    capability: str
    measure: str
    what: str = ""
    times: Decimal = Decimal(1)
    step: Decimal | None = None
    units: str | None = None
    when: str | None = None
    only: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One priced dimension. Its uses fill the same tiers and take from the same allowance, in their order. `only` and
    `unless` are as in a use.
    """

    id: str
    platforms: tuple[str, ...]
    dimension: str
    unit: str
    tiers: tuple[Tier, ...]
    uses: tuple[Use, ...]
    source: str
    verified: bool
    date: datetime.date | None = None
    per: Decimal = Decimal(1)
    included: Decimal = Decimal(0)
    included_each: Literal["month", "day"] = "month"
    allowance: Allowance = "always"
    only: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """Raises InvalidPricesError."""
        where = f"the price {self.id}"
        if not self.source.startswith("https://"):
            raise InvalidPricesError(f"{where} needs a source, an https:// address; it has {self.source!r}")
        if self.verified and self.date is None:
            raise InvalidPricesError(f"{where} is verified, so it needs the date of its source")
        if not self.tiers or not self.uses or not self.platforms:
            raise InvalidPricesError(f"{where} needs tiers, uses and platforms, at least one of each")
        ends = [tier.up_to for tier in self.tiers]
        if ends[-1] is not None or any(end is None for end in ends[:-1]):
            raise InvalidPricesError(f"{where}: every tier but the last needs up_to, and the last must not have it")
        if any(low is not None and high is not None and low >= high for low, high in pairwise(ends)):
            raise InvalidPricesError(f"{where}: up_to must grow from tier to tier")
        if self.per <= 0 or self.included < 0 or any(tier.price < 0 for tier in self.tiers):
            raise InvalidPricesError(f"{where}: per must be over 0; prices and what is included must not be negative")

    def chosen(self, options: Collection[str]) -> tuple[Use, ...]:
        """The uses that these options of a workload let it charge."""
        if not _is_chosen(self, options):
            return ()
        return tuple(use for use in self.uses if _is_chosen(use, options))

    def doubt(self, today: datetime.date) -> str | None:
        """Why this price is not to be trusted blindly on that day."""
        if not self.verified:
            return "not verified" + (f": {self.note}" if self.note else "")
        if self.date is not None and (today - self.date).days > OLD_DAYS:
            return f"old: of {self.date}"
        return None


def _is_chosen(entry: Price | Use, options: Collection[str]) -> bool:
    return set(entry.only) <= set(options) and set(entry.unless).isdisjoint(options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One size of a unit: what a unit holds of each demand (by name), and what it is priced by."""

    holds: Mapping[str, Decimal]
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Things that run by the hour (instances, tasks, shards): as many as hold the largest of the demands on them.

    The first of `sizes` is taken that holds one process (`memory_mb`). `utilisation` is how full one may be.
    `scaling`: whole units for each hour's busiest minute (`hourly`), as many all day as the busiest minute needs
    (`peak`), or fractions of each hour's mean, as a meter sees it afterwards (`metered`).
    """

    name: str
    platforms: tuple[str, ...]
    sizes: tuple[Size, ...]
    minimum: Decimal = Decimal(0)
    utilisation: Decimal = Decimal(1)
    scaling: Literal["hourly", "peak", "metered"] = "hourly"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One way to run the application. `shares` are the sets of prices and units that it takes over; `like` is the
    platform whose own figures of a workload hold here too, where it has none; `notes` are assumptions that its bill
    shows.
    """

    name: str
    title: str
    kind: Kind
    region: str
    shares: tuple[str, ...] = ()
    like: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice that changes which prices apply."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """All tables that were read, merged."""

    platforms: Mapping[str, Platform]
    prices: tuple[Price, ...]
    units: tuple[Units, ...] = ()
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, platform: str) -> tuple[Price, ...]:
        """What one platform charges for."""
        return tuple(price for price in self.prices if self._concerns(platform, price.platforms))

    def fleet(self, platform: str, name: str) -> Units:
        """The units of that name on a platform. Raises InvalidPricesError."""
        for units in self.units:
            if units.name == name and self._concerns(platform, units.platforms):
                return units
        raise InvalidPricesError(f"the platform {platform} has no units called {name!r}")

    def having(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The platforms that these names, of platforms or of shared sets, stand for."""
        return tuple(platform for platform in self.platforms if self._concerns(platform, names))

    def _concerns(self, platform: str, names: tuple[str, ...]) -> bool:
        return platform in names or any(share in names for share in self.platforms[platform].shares)
