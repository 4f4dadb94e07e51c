"""The benchmark's answer: one row a bar, with the figure, the bar and how it was got."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """A measured figure against its bar, both in `unit`; `better` says which side of the bar is good."""

    what: str
    figure: float
    unit: str
    bar: float | None
    better: Literal["higher", "lower"]
    note: str

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None where there is none."""
        if self.bar is None:
            return None
        return self.figure >= self.bar if self.better == "higher" else self.figure <= self.bar


def show(rows: Sequence[Row], console: Console) -> None:
    """Prints the rows as a table."""
    table = Table(title="Parallax benchmark: this machine and these emulators, not the clouds", title_justify="left")
    for heading in ("what", "figure", "bar", "", "how"):
        table.add_column(heading, justify="right" if heading in ("figure", "bar") else "left", overflow="fold")
    signs = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}
    for row in rows:
        bound = "" if row.bar is None else f"{'≥' if row.better == 'higher' else '≤'} {row.bar:g} {row.unit}"
        table.add_row(row.what, f"{row.figure:.4g} {row.unit}", bound, signs[row.met], row.note)
    console.print(table)
