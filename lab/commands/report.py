"""`python -m lab report`: makes page and text of a finished comparison again, and holds it against an earlier one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from lab.report.changes import changes
from lab.report.read import read
from lab.report.rules import Judgement, judge, parse_rule
from lab.report.write import write

SUMMARY = "shows a finished comparison again, against an earlier one if you like, and fails where a bound is broken"
_SAID: Final = {"kept": "kept", "uncertain": "uncertain, so not failed", "broken": "BROKEN", "missing": "MISSING"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Flags of `report`."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="what a comparison wrote, or its report.json")
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="an earlier one: what changed since is shown")
    parser.add_argument(
        "--fail-on",
        action="append",
        default=[],
        metavar="RULE",
        help="exit with 1 where this is surely so: 'p99 > +10%%', 'p99 target=aws > 250ms', 'error-rate > 1%%', "
        "'cost > +5%%', 'portable-share < -2pp', 'leaks > 0'; may be repeated",
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help="where to write; where it was read, if not given")


def run(arguments: argparse.Namespace) -> int:
    """Writes the files, says where, and judges the rules."""
    rules = [parse_rule(text) for text in arguments.fail_on]
    report = read(arguments.folder)
    before = read(arguments.against) if arguments.against is not None else None
    judgements = [judgement for rule in rules for judgement in judge(rule, report, before)]
    folder = arguments.output or (arguments.folder if arguments.folder.is_dir() else arguments.folder.parent)
    print(write(report, folder, changes(before, report) if before is not None else None))
    for judgement in judgements:
        print(_line(judgement))
    return int(any(judgement.fails for judgement in judgements))


def _line(judgement: Judgement) -> str:
    return f"  {_SAID[judgement.outcome]}: {judgement.rule}: {judgement.text}"
