"""What a cloud itself says was used by the requests of a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """`figures` are those of lab/cost/workload.py that were measured, by their names and in their units; `requests` is
    how many they are means of, `source` where they are from. `notes` are sentences about what else it says.
    """

    target: str
    requests: int
    figures: Mapping[str, float]
    source: str
    notes: tuple[str, ...] = ()
