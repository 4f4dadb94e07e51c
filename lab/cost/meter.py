"""From quantities to money: tiers, and what is included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from lab.cost.fleet import Fleet
from lab.cost.measures import DAYS_A_MONTH, HOURS_A_MONTH, MB_OF_MEMORY, Measure
from lab.cost.prices import Allowance, Price, Tier, Use

Free = Literal["none", "always", "first-year"]
"""Which free amounts are taken off: none (another application has them), those for good, or a new account's as well.
What a plan's base fee includes always is.
"""

_ALLOWED: Final[Mapping[Free, frozenset[Allowance]]] = MappingProxyType(
    {
        "none": frozenset({"plan"}),
        "always": frozenset({"plan", "always"}),
        "first-year": frozenset({"plan", "always", "first-year"}),
    }
)

UNIT_MEASURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unit_hours": "hours of units: those of the use's `units`",
        "unit_cpu_hours": "the same, each by the processors of its size",
        "unit_memory_gb_hours": "the same, each by the memory of its size in GB",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """What the work comes to on one platform: by measure, and its units by name."""

    measures: Mapping[str, Measure]
    fleets: Mapping[str, Fleet]


def charge(tiers: tuple[Tier, ...], per: Decimal, quantity: Decimal) -> Decimal:
    """USD for so many units from zero on: each unit costs what its own tier says."""
    total, low = Decimal(0), Decimal(0)
    for tier in tiers:
        high = quantity if tier.up_to is None else min(quantity, tier.up_to)
        total += max(Decimal(0), high - low) * tier.price / per
        low = max(low, high)
    return total


def included(price: Price, free: Free) -> Decimal:
    """Units a month that cost nothing."""
    if price.allowance not in _ALLOWED[free]:
        return Decimal(0)
    return price.included * (DAYS_A_MONTH if price.included_each == "day" else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one use of a price comes to. `quantity` and `taken` (from what is included) are in the price's unit."""

    price: Price
    use: Use
    quantity: Decimal
    taken: Decimal
    amount: Decimal


def charges(price: Price, uses: Iterable[Use], metered: Metered, free: Free) -> Iterator[Charge]:
    """One for each of the uses that comes to anything. They fill the tiers and take what is included in their order."""
    left, billed = included(price, free), Decimal(0)
    for use in uses:
        quantity = _quantity(use, metered)
        if not quantity:
            continue
        taken = min(left, quantity)
        left -= taken
        before, billed = billed, billed + quantity - taken
        amount = charge(price.tiers, price.per, billed) - charge(price.tiers, price.per, before)
        yield Charge(price=price, use=use, quantity=quantity, taken=taken, amount=amount)


def _quantity(use: Use, metered: Metered) -> Decimal:
    if use.when is not None and not metered.measures[use.when].quantity(None):
        return Decimal(0)
    if use.units is None:
        return metered.measures[use.measure].quantity(use.step) * use.times
    units = metered.fleets[use.units]
    each = {
        "unit_hours": Decimal(1),
        "unit_cpu_hours": units.size.holds.get("cpu_cores", Decimal(0)),
        "unit_memory_gb_hours": units.size.holds.get("memory_mb", Decimal(0)) / MB_OF_MEMORY,
    }[use.measure]
    return units.mean * HOURS_A_MONTH * each * use.times


def in_words(price: Price) -> str:
    """`0.0000166667 up to 6 G, then 0.000015 per GB-s`."""
    steps = [
        f"{tier.price:f}" + (f" up to {_short(tier.up_to)}" if tier.up_to is not None else "") for tier in price.tiers
    ]
    per = "" if price.per == 1 else f"{_short(price.per)} "
    return f"{', then '.join(steps)} per {per}{price.unit}"


def _short(value: Decimal) -> str:
    for size, letter in ((10**9, " G"), (10**6, " M"), (10**3, " k")):
        if value >= size:
            return f"{(value / size).normalize():f}{letter}"
    return f"{value.normalize():f}"
