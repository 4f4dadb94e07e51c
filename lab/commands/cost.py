"""`python -m lab cost`: what a workload costs on each platform, and where one stops being cheaper than another."""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lab.commands import workload_flags
from lab.cost.bill import Bill, Cost
from lab.cost.break_even import in_words
from lab.cost.fleet import DEMANDS, MEMORY
from lab.cost.measures import VOCABULARY
from lab.cost.model import cost
from lab.cost.price_table import read_prices
from lab.cost.prices import Prices
from lab.cost.table import footnotes, in_full, side_by_side, unpaid
from lab.cost.workload_file import measured

SUMMARY = "prices a month of work on each platform, and says where one stops being cheaper than another"
_FREE: Final = {
    "none": "no free amounts",
    "always": "free amounts taken off",
    "first-year": "free amounts and a new account's taken off",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Flags of `cost`."""
    workload_flags.add(parser)
    parser.add_argument(
        "--measured",
        type=Path,
        metavar="FOLDER",
        help="results of a comparison: what it measured is used instead of what is assumed",
    )
    parser.add_argument("--full", action="store_true", help="each bill by itself as well, with quantities and prices")
    parser.add_argument("--json", action="store_true", help="bills, curves and break-even points as JSON")
    parser.add_argument(
        "--measures", action="store_true", help="only lists what a price table may charge by, and options"
    )
    workload_flags.add_figures(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints tables, or JSON."""
    prices = read_prices(arguments.prices)
    console = Console(highlight=False)
    if arguments.measures:
        _show_words(console, prices)
        return 0
    today = arguments.today or datetime.datetime.now(tz=datetime.UTC).date()
    workload = workload_flags.workload(arguments, measured(arguments.measured) if arguments.measured else None)
    found = cost(workload, prices, today=today, free=arguments.free, platforms=arguments.platform)
    if arguments.json:
        print(json.dumps(asdict(found), default=str, ensure_ascii=False, indent=2))
    else:
        _show(console, found, full=arguments.full)
    return 0


def _show(console: Console, found: Cost, *, full: bool) -> None:
    notes = footnotes(found.bills)
    load = in_words(float(found.workload["requests"]))
    free = _FREE[str(found.workload["free"])]
    for kind in ("serverless", "always-on"):
        if bills := [bill for bill in found.bills if bill.kind == kind]:
            console.print(Text(f"{kind}: USD a month for {load} requests, {free}", style="bold"))
            console.print(side_by_side(bills, notes))
            if small := unpaid(bills):
                console.print(Text(f"Under a cent, free or included: {', '.join(small)}.\n", style="dim"))
    if full:
        for bill in found.bills:
            console.print(in_full(bill))
    for note in notes:
        doubt = f" ? {note.doubt}" if note.doubt else ""
        console.print(Text(f"[{note.number}] {note.source} {note.date}").append(doubt, style="yellow"))
    _show_list(console, "Where one stops being cheaper, all of the work in proportion", _places(found))
    _show_list(console, "What makes the bills", found.notes)
    _show_list(console, "What they assume", _assumptions(found.bills))
    for origin in ("given", "measured", "assumed"):
        names = [
            f"{name} {_figure(found.workload[name])}"
            for name, said in found.origin.items()
            if said == origin and name != "free"
        ]
        if names:
            console.print(Text(f"{origin.capitalize()}: {', '.join(names)}.", style="dim"))


def _show_list(console: Console, title: str, sentences: Iterable[str]) -> None:
    for number, sentence in enumerate(sentences):
        if not number:
            console.print(Text(f"\n{title}", style="bold"))
        console.print(Padding(Text(sentence), (0, 0, 0, 2)))


def _places(found: Cost) -> Iterator[str]:
    for point in found.break_even:
        yield f"{point.below} or {point.above}: {point.note}"


def _assumptions(bills: Sequence[Bill]) -> Iterator[str]:
    # A sentence that several bills share is said once.
    for sentence in dict.fromkeys(sentence for bill in bills for sentence in bill.assumptions):
        yield f"{', '.join(bill.platform for bill in bills if sentence in bill.assumptions)}: {sentence}"


def _figure(value: float | str | bool) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}"


def _show_words(console: Console, prices: Prices) -> None:
    table = Table(title="What a price table may charge by", title_justify="left")
    for name in ("measure", "unit", "rounded up in", "what it is"):
        table.add_column(name)
    for name, word in VOCABULARY.items():
        table.add_row(name, word.unit, word.step, word.meaning)
    console.print(table)
    console.print(Text("What one of the table's units may hold, of what its `sizes` say:"))
    for name, meaning in {**DEMANDS, MEMORY: "what one has for a process"}.items():
        console.print(Text(f"  {name}: {meaning}"))
    for option in prices.options.values():
        console.print(Text(f"--option {option.name}: {option.meaning}"))
