"""Bills side by side for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from lab.cost.bill import Bill, Line

SMALLEST: Final = 0.005
"""USD below which a line is not shown as a row of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """Where the price of a row is said, and why it is in doubt."""

    number: int
    source: str
    date: str
    doubt: str | None


def footnotes(bills: Sequence[Bill]) -> tuple[Footnote, ...]:
    """One for each source, date and doubt, numbered in the order of the rows; those of what is unpaid come last."""
    rows = (line for row in _rows(bills) for line in row if line is not None)
    seen = dict.fromkeys(map(_key, chain(rows, (line for bill in bills for line in bill.lines))))
    return tuple(
        Footnote(number=number, source=source, date=date, doubt=doubt)
        for number, (source, date, doubt) in enumerate(seen, 1)
    )


def side_by_side(bills: Sequence[Bill], notes: Sequence[Footnote]) -> Table:
    """A row for each dimension, a column for each platform, USD a month."""
    numbers = {(note.source, note.date, note.doubt): note.number for note in notes}
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("", min_width=32, overflow="fold")
    for bill in bills:
        # A name of several words takes as many lines, so that all platforms have room beside one another.
        table.add_column(Text(bill.platform.replace("-", "-\n")), justify="right", no_wrap=True, vertical="bottom")
    capability = ""
    for row in _rows(bills):
        first = next(line for line in row if line is not None)
        if first.capability != capability:
            capability = first.capability
            mark = "" if first.deployed else " (not deployed yet)"
            table.add_row(Text(f"{capability}{mark}", style="bold"))
        refers = sorted({numbers[_key(line)] for line in row if line is not None})
        label = Text(f"  {first.dimension} ").append(f"[{', '.join(map(str, refers))}]", style="dim")
        table.add_row(label, *(_amount(line) for line in row))
    table.add_section()
    table.add_row(Text("total", style="bold"), *(Text(f"{bill.total:,.2f}", style="bold") for bill in bills))
    return table


def unpaid(bills: Sequence[Bill]) -> tuple[str, ...]:
    """What is used and comes to less than a cent: free, included or that little. Marked where the price is in doubt."""
    shown = {(line.capability, line.dimension) for row in _rows(bills) for line in row if line is not None}
    return tuple(
        dict.fromkeys(
            f"{line.dimension}{'?' if line.doubt else ''}"
            for bill in bills
            for line in bill.lines
            if (line.capability, line.dimension) not in shown
        )
    )


def in_full(bill: Bill) -> Table:
    """One bill with quantities and prices."""
    table = Table(title=f"{bill.title}, {bill.region}", title_justify="left")
    for name in ("", "quantity", "included", "price in USD", "USD a month"):
        table.add_column(name, justify="right" if name not in ("", "price in USD") else "left", overflow="fold")
    for line in bill.lines:
        table.add_row(
            Text(line.dimension + ("" if line.deployed else " (not deployed yet)")),
            Text(f"{_short(line.quantity)} {line.unit}"),
            Text(_short(line.included) if line.included else ""),
            Text(line.price),
            _amount(line),
        )
    table.add_section()
    table.add_row(Text("Total", style="bold"), "", "", "", Text(f"{bill.total:,.2f}", style="bold"))
    return table


def _rows(bills: Sequence[Bill]) -> Iterator[tuple[Line | None, ...]]:
    # Dimensions by capability, both in the order in which they first appear, without what comes to nothing everywhere.
    named = [{(line.capability, line.dimension): line for line in bill.lines} for bill in bills]
    keys = list(dict.fromkeys(key for lines in named for key in lines))
    for capability in dict.fromkeys(key[0] for key in keys):
        for key in keys:
            row = tuple(lines.get(key) for lines in named)
            if key[0] == capability and any(line is not None and line.amount >= SMALLEST for line in row):
                yield row


def _key(line: Line) -> tuple[str, str, str | None]:
    return line.source, str(line.date or "undated"), line.doubt


def _amount(line: Line | None) -> Text:
    if line is None:
        return Text("")
    return Text(f"{line.amount:,.2f}{'?' if line.doubt else ''}", style="yellow" if line.doubt else "")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
