"""What each word of `python -m lab` is."""

from __future__ import annotations

import argparse
from typing import Protocol


class Word(Protocol):
    """A module of this folder. `run` answers with the exit code: 0 done, 1 a stated bound was passed; it raises
    LabError for what the user can put right, which `__main__` prints with its code and ends with 2.
    """

    SUMMARY: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Adds the word's own flags."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Does it; prints for people on standard output."""
