"""`python -m lab matrix`: the feature matrix as Markdown."""

from __future__ import annotations

import argparse

from lab.matrix import read_matrix
from lab.matrix_page import page

SUMMARY = "what each cloud can and cannot do, capability by capability, as Markdown"


def configure(parser: argparse.ArgumentParser) -> None:
    """Flags of `matrix`."""
    names = list(dict.fromkeys(row.capability for row in read_matrix()))
    parser.add_argument(
        "--capability", action="append", choices=names, help="only this one; may be given several times"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints it."""
    wanted = arguments.capability
    print(page([row for row in read_matrix() if not wanted or row.capability in wanted]), end="")
    return 0
