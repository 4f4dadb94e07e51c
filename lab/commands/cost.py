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

from lab.cost.bill import Bill, Cost
from lab.cost.break_even import in_words
from lab.cost.fleet import DEMANDS, MEMORY
from lab.cost.layers import Layer, known, together
from lab.cost.measures import VOCABULARY
from lab.cost.model import cost
from lab.cost.price_table import read_prices
from lab.cost.prices import Prices
from lab.cost.table import footnotes, in_full, side_by_side, unpaid
from lab.cost.workload import FIGURES, Workload
from lab.cost.workload_file import measured, named_shape, read_workload
from lab.errors import InvalidWorkloadError

SUMMARY = "prices a month of work on each platform, and says where one stops being cheaper than another"
_DEFAULT: Final = "parallax"
_FREE: Final = {
    "none": "no free amounts",
    "always": "free amounts taken off",
    "first-year": "free amounts and a new account's taken off",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Flags of `cost`."""
    parser.add_argument(
        "--workload",
        default=_DEFAULT,
        metavar="FILE",
        help=f"a TOML file of figures, or the name of one in lab/workloads ({_DEFAULT} if not given)",
    )
    parser.add_argument(
        "--measured",
        type=Path,
        metavar="FOLDER",
        help="results of a comparison: what it measured is used instead of what is assumed",
    )
    parser.add_argument(
        "--prices",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="one more price table, for another cloud or for prices of your own; may be repeated",
    )
    parser.add_argument(
        "--platform", action="append", default=[], metavar="NAME", help="only this one; may be repeated"
    )
    parser.add_argument(
        "--option",
        action="append",
        metavar="NAME",
        help="a choice that the prices depend on, instead of the workload's; may be repeated; `none` for none",
    )
    parser.add_argument(
        "--free",
        choices=tuple(_FREE),
        default="always",
        help="free amounts that are taken off: none, those for good (default), or a new account's as well; what a "
        "plan's base fee includes always is",
    )
    parser.add_argument("--shape", metavar="NAME", help="the day: flat, business or spiky; a file may have its own")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PLATFORM.FIGURE=NUMBER",
        help="a figure for one platform alone; may be repeated",
    )
    parser.add_argument("--today", type=_date, metavar="DATE", help="the day from which prices' age is counted")
    parser.add_argument("--full", action="store_true", help="each bill by itself as well, with quantities and prices")
    parser.add_argument("--json", action="store_true", help="bills, curves and break-even points as JSON")
    parser.add_argument(
        "--measures", action="store_true", help="only lists what a price table may charge by, and options"
    )
    figures = parser.add_argument_group("figures of the workload", "instead of what the workload's file says")
    for figure in FIGURES.values():
        unit = f"; {figure.unit}" if figure.unit else ""
        figures.add_argument(
            f"--{figure.name.replace('_', '-')}",
            type=float,
            metavar="N",
            help=f"{figure.meaning.replace('%', '%%')}{unit} ({figure.default:,.10g} where nobody says)",
        )


def run(arguments: argparse.Namespace) -> int:
    """Prints tables, or JSON."""
    prices = read_prices(arguments.prices)
    console = Console(highlight=False)
    if arguments.measures:
        _show_words(console, prices)
        return 0
    today = arguments.today or datetime.datetime.now(tz=datetime.UTC).date()
    found = cost(_workload(arguments), prices, today=today, free=arguments.free, platforms=arguments.platform)
    if arguments.json:
        print(json.dumps(asdict(found), default=str, ensure_ascii=False, indent=2))
    else:
        _show(console, found, full=arguments.full)
    return 0


def _workload(arguments: argparse.Namespace) -> Workload:
    layers = [read_workload(arguments.workload)]
    if arguments.measured is not None:
        # What the user wrote down counts for more than what was measured.
        at = 0 if layers[0].origin == "given" else 1
        layers.insert(at, measured(arguments.measured))
    given = {name: getattr(arguments, name) for name in FIGURES if getattr(arguments, name) is not None}
    layers.append(
        Layer(
            origin="given",
            figures=given,
            by_platform=_special(arguments.set),
            shape=named_shape(arguments.shape) if arguments.shape is not None else None,
            options=_options(arguments.option),
        )
    )
    return together(layers)


def _options(said: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if said is None else tuple(name for name in said if name != "none")


def _special(words: Sequence[str]) -> dict[str, dict[str, float]]:
    special: dict[str, dict[str, float]] = {}
    for word in words:
        name, _, value = word.partition("=")
        platform, _, figure = name.rpartition(".")
        known(figure)
        try:
            special.setdefault(platform, {})[figure] = float(value)
        except ValueError:
            raise InvalidWorkloadError(f"--set {word}: write it as aws.wall_ms=12.5") from None
        if not platform:
            raise InvalidWorkloadError(f"--set {word}: write the platform first, as in aws.wall_ms=12.5")
    return special


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-11-28") from None


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
