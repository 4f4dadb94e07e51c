"""`python -m lab WORD …`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import cast

from lab.commands import WORDS
from lab.commands.word import Word
from lab.errors import LabError


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 0 done, 1 a stated bound was passed, 2 what the user can put right, 130 interrupted."""
    parser = argparse.ArgumentParser(prog="python -m lab", description="Deployments side by side, by their URLs.")
    subparsers = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    given = list(sys.argv[1:] if words is None else words)
    # One word does not wait for what the others import.
    chosen = [name for name in WORDS if given[:1] == [name]] or list(WORDS)
    modules = {name: cast("Word", import_module(WORDS[name])) for name in chosen}
    for name, module in modules.items():
        module.configure(subparsers.add_parser(name, help=module.SUMMARY, description=module.SUMMARY))
    arguments = parser.parse_args(given)
    try:
        return modules[arguments.word].run(arguments)
    except LabError as error:
        print(f"lab: {error} [{error.code}]", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
