"""The two bills that are held against one another, and where the cheaper kind changes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Quantity = Literal["requests", "peak", "ms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The cheapest of each kind, with their totals in USD a month."""

    serverless: str
    always_on: str
    serverless_usd: Decimal
    always_on_usd: Decimal

    @property
    def always_on_is_cheaper(self) -> bool:
        """Also where both cost the same, as break-even points count."""
        return not self.serverless_usd < self.always_on_usd

    @property
    def saves(self) -> Decimal:
        """USD a month between them."""
        return abs(self.serverless_usd - self.always_on_usd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A place at which the other kind becomes the cheaper one: `at` requests a month, times the mean or ms of a
    request. `above`: from there on; else below it.
    """

    of: Quantity
    above: bool
    at: float
    text: str
