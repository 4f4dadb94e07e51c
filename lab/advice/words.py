"""Figures as advice says them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from lab.cost.break_even import in_words


def usd(amount: Decimal | float) -> str:
    """`12.30 USD`."""
    return f"{amount:,.2f} USD"


def requests(count: float) -> str:
    """`26.5 M requests a month`."""
    return f"{in_words(count)} requests a month"


def plain(value: float) -> str:
    """At most three digits of a small figure, all of a large whole one."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ms(value: float) -> str:
    """`40 ms`."""
    return f"{plain(value)} ms"


def seconds(value: float) -> str:
    """`12 s`."""
    return f"{plain(value)} s"


def percent(share: float) -> str:
    """`1.3 %` of a share, 0 to 1."""
    return f"{share * 100:.3g} %"


def times(factor: float) -> str:
    """`3.4 times`."""
    return f"{factor:.3g} times"


def listed(names: Iterable[str], last: str = "or") -> str:
    """`a, b or c`."""
    *first, end = names
    return f"{', '.join(first)} {last} {end}" if first else end


def upper(sentence: str) -> str:
    """With a capital at its head, and a full stop."""
    return sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith(".") else ".")
