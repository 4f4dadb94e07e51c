"""What templates know how to show: tables of text, plots, and the key of who is who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.latency import Latency
from lab.report.plots.series import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Text by rows; the first of each row is its head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One entry of a plot's key. `origin` is empty for what was not measured."""

    name: str
    slot: int
    marker: str
    dash: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A drawing with all that stands in for it: `alternative` in a sentence or two, `table` in full."""

    id: str
    title: str
    alternative: str
    drawing: str
    keys: tuple[Key, ...]
    table: Table
    note: str = ""


def keys(looks: Mapping[str, Series], names: Sequence[str], latency: Latency | None = None) -> tuple[Key, ...]:
    """The key of `names`, each with what its figures are worth where `latency` knows it."""
    origins = {target.name: target.origin for target in latency.targets} if latency is not None else {}
    return tuple(
        Key(
            name=name,
            slot=looks[name].slot,
            marker=looks[name].marker,
            dash=" ".join(f"{length:g}" for length in looks[name].dash),
            origin=origins.get(name, ""),
        )
        for name in names
    )
