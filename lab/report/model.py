"""The report as data: what `report.json` holds, and all that HTML and Markdown are made from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from lab.advice.finding import Advice
from lab.cost.bill import Cost
from lab.latency import Latency
from lab.lockin.findings import LockIn
from lab.matrix import Row

SCHEMA = "parallax-report/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How it was measured, so that it can be done again. Times in seconds."""

    command: str
    lab: str
    """Version of the lab."""
    python: str
    machine: str
    started: datetime.datetime
    seconds: float
    seed: int
    """Of the order of rounds and of arrivals."""
    requests: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One comparison. A part that is None was not asked for; `partial` says why the rest is less than was asked for."""

    schema: Literal["parallax-report/1"]
    title: str
    partial: str | None
    method: Method
    latency: Latency | None
    cost: Cost | None
    lockin: LockIn | None
    matrix: tuple[Row, ...]
    advice: tuple[Advice, ...]
