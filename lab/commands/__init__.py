"""The words of `python -m lab`, one a file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "advise": "lab.commands.advise",
        "compare": "lab.commands.compare",
        "cost": "lab.commands.cost",
        "lockin": "lab.commands.lockin",
        "matrix": "lab.commands.matrix",
        "report": "lab.commands.report",
    }
)
