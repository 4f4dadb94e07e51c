"""`python -m lab lockin`: what ties a repository and its stack to each cloud, and what leaving would take."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lab.lockin.analysis import analyse
from lab.lockin.findings import Capability, Cloud, LockIn, Resource
from lab.lockin.leaving import times

SUMMARY = "counts what ties a repository and its stack to each cloud, and says what leaving it would take"
_NOT_YET: Final = "-"
_RESOURCES: Final = ("resources", "with a counterpart")


def configure(parser: argparse.ArgumentParser) -> None:
    """Flags of `lockin`."""
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path(),
        metavar="FOLDER",
        help="a repository (this folder if not given); its lockin.toml says whose its parts are",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="what `pulumi stack export` wrote, or a stack's checkpoint file; - for standard input",
    )
    parser.add_argument("--table", type=Path, metavar="FILE", help="a lockin.toml other than the repository's own")
    parser.add_argument(
        "--max-leaks",
        type=_count,
        metavar="N",
        help="ends with 1 where portable code knows a cloud in more places than this; 0 for CI that allows none",
    )
    parser.add_argument("--json", action="store_true", help="everything as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Prints tables, or JSON."""
    found = analyse(arguments.folder, arguments.state, arguments.table)
    if arguments.json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        _show(Console(highlight=False), found)
    most: int | None = arguments.max_leaks
    if most is None or len(found.leaks) <= most:
        return 0
    print(f"lab: {times(len(found.leaks), 'leak')} in portable code, {most:,} allowed", file=sys.stderr)
    return 1


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of places; write 0 or more")
    return int(text)


def _show(console: Console, found: LockIn) -> None:
    console.print(_shares(found))
    console.print(Text(f"Share = {found.formula}.", style="dim"))
    for cloud in found.clouds:
        console.print()
        console.print(_capabilities(found, cloud))
        for capability in cloud.capabilities:
            if capability.deployed:
                _show_capability(console, capability)
    console.print(Text(f"\nPortable code that knows a cloud: {times(len(found.leaks), 'place')}", style="bold"))
    for leak in found.leaks:
        console.print(Padding(Text(f"{leak.path}:{leak.line} ").append(leak.what, style="yellow"), (0, 0, 0, 2)))
    console.print()
    for note in found.notes:
        console.print(Text(note, style="dim"))


def _shares(found: LockIn) -> Table:
    heads = ("portable share", "own lines", "modules", *_resource_heads(found))
    table = _table("What ties it to each cloud", "cloud", heads)
    for cloud in found.clouds:
        share = "no code" if cloud.portable_share is None else f"{100 * cloud.portable_share:.1f} %"
        resources = [each for capability in cloud.capabilities for each in capability.resources]
        cells = (share, f"{cloud.own_lines:,}", f"{len(cloud.own_modules):,}", *_resources(resources))
        table.add_row(cloud.name, *cells[: len(heads)])
    table.caption = (
        f"{times(found.portable_lines, 'portable line')} in {times(len(found.portable_modules), 'module')}; "
        f"{found.shared_lines:,} more belong to no cloud and are not the application."
    )
    return table


def _capabilities(found: LockIn, cloud: Cloud) -> Table:
    heads = ("differences", "own lines", "modules", *_resource_heads(found))
    table = _table(f"Leaving {cloud.name}", "capability", heads)
    for each in cloud.capabilities:
        lines = sum(module.lines for module in each.modules)
        cells = (f"{lines:,}", f"{len(each.modules):,}", *_resources(each.resources))
        shown = cells if each.deployed else [_NOT_YET for _ in cells]
        table.add_row(each.name, f"{len(each.differences):,}", *shown[: len(heads) - 1])
    if not all(each.deployed for each in cloud.capabilities):
        table.caption = f"{_NOT_YET}: not yet deployed"
    return table


def _resource_heads(found: LockIn) -> tuple[str, ...]:
    """None where no resource was counted: a 0 would say that there are none."""
    counted = any(each.resources for cloud in found.clouds for each in cloud.capabilities)
    return _RESOURCES if counted else ()


def _table(title: str, first: str, others: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", caption_justify="left")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _resources(resources: Sequence[Resource]) -> tuple[str, str]:
    """Of one row, in figures."""
    return f"{len(resources):,}", f"{sum(each.counterpart is not None for each in resources):,}"


def _show_capability(console: Console, capability: Capability) -> None:
    console.print(Padding(Text(capability.name, style="bold"), (0, 0, 0, 2)))
    console.print(Padding(Text(capability.leaving), (0, 0, 0, 4)))
    if capability.data is not None:
        data = capability.data
        said = f"Where it lives: {data.lives} Lost elsewhere: {data.loses} {data.source}"
        console.print(Padding(Text(said), (0, 0, 0, 4)))
    if capability.differences:
        console.print(Padding(Text(f"Differences: {', '.join(capability.differences)}."), (0, 0, 0, 4)))
