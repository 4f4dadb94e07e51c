"""The flags by which a workload is given, the same for every word that takes one."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from lab.cost.layers import Layer, known, together
from lab.cost.workload import FIGURES, Workload
from lab.cost.workload_file import named_shape, read_workload
from lab.errors import InvalidWorkloadError

DEFAULT: Final = "parallax"


def add(parser: argparse.ArgumentParser) -> None:
    """The workload and what it is priced by."""
    parser.add_argument(
        "--workload",
        default=DEFAULT,
        metavar="FILE",
        help=f"a TOML file of figures, or the name of one in lab/workloads ({DEFAULT} if not given)",
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
        choices=("none", "always", "first-year"),
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


def add_figures(parser: argparse.ArgumentParser) -> None:
    """One flag for each figure."""
    figures = parser.add_argument_group("figures of the workload", "instead of what the workload's file says")
    for figure in FIGURES.values():
        unit = f"; {figure.unit}" if figure.unit else ""
        figures.add_argument(
            f"--{figure.name.replace('_', '-')}",
            type=float,
            metavar="N",
            help=f"{figure.meaning.replace('%', '%%')}{unit} ({figure.default:,.10g} where nobody says)",
        )


def workload(
    arguments: argparse.Namespace, measured: Layer | None = None, more: Mapping[str, float] | None = None
) -> Workload:
    """What flags, file and measurements say together; `more` are figures that were given in another way. Raises
    InvalidWorkloadError.
    """
    layers = [read_workload(arguments.workload)]
    if measured is not None:
        # What the user wrote down counts for more than what was measured.
        layers.insert(0 if layers[0].origin == "given" else 1, measured)
    given = {name: getattr(arguments, name) for name in FIGURES if getattr(arguments, name) is not None}
    layers.append(
        Layer(
            origin="given",
            figures={**(more or {}), **given},
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
