"""`python -m lab advise`: where a workload should run, by which rule and figures, and what would change that."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from lab.advice.answers import ANSWERS, Answer, Answers, answers, parse
from lab.advice.answers_file import read_answers
from lab.advice.facts import read_facts
from lab.advice.peak import with_peak
from lab.advice.questions import PEAK, Said, ask
from lab.advice.show import show
from lab.advice.table import advise
from lab.commands import workload_flags
from lab.cost.price_table import read_prices
from lab.cost.workload import FIGURES, Workload
from lab.cost.workload_file import measured
from lab.errors import InvalidResultsError
from lab.report.read import read

SUMMARY = "says where a workload should run, by which rule and figures, and what would change that"


def configure(parser: argparse.ArgumentParser) -> None:
    """Flags of `advise`."""
    workload_flags.add(parser)
    parser.add_argument(
        "--measured",
        type=Path,
        metavar="FOLDER",
        help="results of a comparison: what it measured is used; latency counts where it is a cloud's, an emulator's "
        "is shown and decides nothing",
    )
    parser.add_argument(
        "--facts",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="limits and other facts of one more cloud, as lab/advice/facts.toml has them; may be repeated",
    )
    parser.add_argument(
        "--peak-factor",
        type=float,
        metavar="N",
        help="the busiest minute over the mean, the day's shape kept; 1 is a steady load",
    )
    parser.add_argument(
        "--no-questions", action="store_true", help="on a terminal too: flags, file and defaults are all there is"
    )
    parser.add_argument("--json", action="store_true", help="all rules as JSON, the verdict first")
    told = parser.add_argument_group(
        "what advice needs to know besides", "or the table [advice] of the workload's file"
    )
    for answer in ANSWERS.values():
        told.add_argument(
            f"--{answer.name.replace('_', '-')}",
            metavar="|".join(answer.choices or ("yes", "no")) if answer.kind != "number" else "N",
            help=_help(answer),
        )
    workload_flags.add_figures(parser)


def run(arguments: argparse.Namespace) -> int:
    """Asks where it can, then prints advice or JSON."""
    said = _questions(arguments)
    workload = _workload(arguments, said)
    known = _answers(arguments, said)
    found = advise(
        workload,
        read_prices(arguments.prices),
        answers=known,
        facts=read_facts(arguments.facts),
        latency=read(arguments.measured).latency if arguments.measured is not None else None,
        today=arguments.today,
        free=arguments.free,
        platforms=arguments.platform,
    )
    if arguments.json:
        print(json.dumps([dataclasses.asdict(each) for each in found], ensure_ascii=False, indent=2))
        return 0
    console = Console(highlight=False)
    show(console, found)
    for line in _origins(workload, known):
        console.print(Text(line, style="dim"))
    return 0


def _questions(arguments: argparse.Namespace) -> Said | None:
    if arguments.no_questions or arguments.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    if arguments.measured or arguments.workload != workload_flags.DEFAULT or _given(arguments):
        return None
    return ask(workload_flags.workload(arguments), _line, print)


def _line(prompt: str) -> str:
    try:
        return input(prompt)
    except EOFError:
        # Ctrl-D: the rest stays as it is.
        print()
        return ""


def _given(arguments: argparse.Namespace) -> bool:
    names = (*FIGURES, *ANSWERS, PEAK, "shape")
    return bool(arguments.set) or any(getattr(arguments, name) is not None for name in names)


def _workload(arguments: argparse.Namespace, said: Said | None) -> Workload:
    layer = None
    if arguments.measured is not None:
        read(arguments.measured)
        try:
            layer = measured(arguments.measured)
        except InvalidResultsError:
            # A comparison need not have measured usage: its latency is enough here.
            layer = None
    found = workload_flags.workload(arguments, layer, said.figures if said is not None else None)
    peak = arguments.peak_factor if arguments.peak_factor is not None or said is None else said.peak
    if peak is None:
        return found
    origin = {**found.origin, "shape": "given", "shape_peak": "given"}
    return dataclasses.replace(found, shape=with_peak(found.shape, peak), origin=origin)


def _answers(arguments: argparse.Namespace, said: Said | None) -> Answers:
    in_file = read_answers(arguments.workload)
    flags = {name: parse(answer, text) for name, answer in ANSWERS.items() if (text := getattr(arguments, name))}
    given: Mapping[str, Any] = {**(said.answers if said is not None else {}), **flags}
    found = answers({**in_file, **given})
    # One of the lab's own workloads is an example, not what somebody knows of an application.
    own = not (arguments.workload.endswith(".toml") or "/" in arguments.workload)
    return dataclasses.replace(found, given=frozenset(given)) if own else found


def _origins(workload: Workload, known: Answers) -> list[str]:
    figures, origins = workload.figures(), workload.origins()
    texts = {
        **{name: (origins[name], f"{name} {_text(value)}") for name, value in figures.items() if value},
        **{
            name: ("given" if name in known.given else "assumed", f"{name} {_text(getattr(known, name))}")
            for name in ANSWERS
        },
    }
    by_origin = {
        origin: [text for said, text in texts.values() if said == origin] for origin in ("given", "measured", "assumed")
    }
    return [f"{origin.capitalize()}: {', '.join(names)}." for origin, names in by_origin.items() if names]


def _text(value: object) -> str:
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:,.10g}"
        case _:
            return str(value)


def _help(answer: Answer) -> str:
    unit = f"; {answer.unit}" if answer.unit else ""
    default = "not known" if answer.default is None else _text(answer.default)
    return f"{answer.meaning}{unit} ({default} where nobody says)".replace("%", "%%")
