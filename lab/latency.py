"""What a comparison finds out about latency: the results that statistics make of samples and that reports show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lab.estimate import Estimate, Quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase of requests (name, connect, tls, first byte, body): medians and p99 in milliseconds over `samples`."""

    name: str
    samples: int
    p50: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One second of a cell's timeline, `second` since the comparison's start; latencies in milliseconds."""

    second: float
    samples: int
    p50: float | None
    maximum: float | None
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One endpoint of one target at one level of load, over all rounds. Latencies in milliseconds, of warm requests
    without error; rates a second.
    """

    target: str
    endpoint: str
    level: str
    rounds: int
    samples: int
    warm: int
    cold: int
    """Requests that met a new instance; not among the quantiles."""
    quantiles: tuple[Quantile, ...]
    errors: Mapping[str, int]
    """By kind."""
    error_rate: Estimate
    offered: float
    achieved: float
    in_flight: float
    """Mean of requests under way."""
    late_p99: float
    """Milliseconds by which the generator itself left its schedule, at p99."""
    phases: tuple[Phase, ...]
    distribution: tuple[tuple[float, float], ...]
    """(quantile, milliseconds), from 0 up to the highest quantile that the samples can tell."""
    timeline: tuple[Moment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`second` minus `first` at one quantile, in milliseconds, and `second` over `first`. `shown` is false where the
    interval of the difference contains 0: no difference is shown.
    """

    endpoint: str
    level: str
    first: str
    second: str
    q: float
    difference: Estimate
    ratio: Estimate
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of rising load: requests a second offered and answered without error; latencies in milliseconds."""

    offered: float
    achieved: float
    p50: float | None
    p99: float | None
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Knee:
    """How much one target takes: `rate` is the highest step it kept up with, None where it kept up with none."""

    target: str
    endpoint: str
    steps: tuple[Step, ...]
    rate: float | None
    ended: str
    """Why the steps ended, in words: it fell behind, or the cap of the rate was reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdStarts:
    """First answers of new instances, in milliseconds from request to last byte, and how they were forced."""

    target: str
    method: str
    description: str
    asked: int
    """Attempts: some meet no new instance."""
    values: tuple[float, ...]
    quantiles: tuple[Quantile, ...]
    warm_p50: float | None
    """Of the same endpoint, for comparison."""
    problem: str | None = None
    """Why there are none, or fewer than asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetState:
    """How a target behaved. `problems` are sentences; with `down`, none of its figures stand."""

    name: str
    url: str
    origin: Literal["emulator", "cloud"]
    state: Literal["ok", "failing", "down"]
    problems: tuple[str, ...]
    cloud: str | None
    region: str | None
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """All of it. Empty parts were not measured."""

    targets: tuple[TargetState, ...]
    cells: tuple[Cell, ...]
    differences: tuple[Difference, ...]
    knees: tuple[Knee, ...]
    cold_starts: tuple[ColdStarts, ...]
