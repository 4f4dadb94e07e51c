"""How one target looks in every plot: colour, dash and marker, so that colour is never all that tells it apart.

The colours are names here: the page's style sheet says what they are on light, dark and paper
(after Okabe and Ito, https://jfly.uni-koeln.de/color/, darkened or lightened until they stand out by 3:1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

INK: Final = "#010101"
MUTED: Final = "#020202"
RULE: Final = "#030303"
BAD: Final = "#040404"
PAPER: Final = "#050505"
_TARGETS: Final = tuple(f"#0a000{number}" for number in range(1, 7))

VARIABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        INK: "var(--ink)",
        MUTED: "var(--muted)",
        RULE: "var(--rule)",
        BAD: "var(--bad)",
        PAPER: "var(--paper)",
        **{colour: f"var(--t{number})" for number, colour in enumerate(_TARGETS, 1)},
    }
)
"""The page's variable for each colour that plots are drawn in."""

_DASHES: Final = ((), (5.0, 2.2), (5.0, 1.6, 1.2, 1.6), (1.4, 1.6), (8.0, 2.0), (8.0, 1.6, 1.2, 1.6, 1.2, 1.6))
_MARKERS: Final = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One target's looks. `slot` counts from 1 and names its colour in the page; dashes are in line widths."""

    name: str
    slot: int
    color: str
    dash: tuple[float, ...]
    marker: str


def series(names: Sequence[str]) -> Mapping[str, Series]:
    """In the order of `names`; from the seventh on, looks come again with another dash."""
    count = len(_TARGETS)
    return {
        name: Series(
            name=name,
            slot=index % count + 1,
            color=_TARGETS[index % count],
            dash=_DASHES[(index + index // count) % count],
            marker=_MARKERS[(index + index // count) % count],
        )
        for index, name in enumerate(names)
    }
