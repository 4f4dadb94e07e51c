"""What is to be priced: a month of one application's work, in figures that no cloud's name is in."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from lab.cost.shape import SHAPES, Shape
from lab.errors import InvalidWorkloadError

Origin = Literal["measured", "given", "assumed"]
"""Where a figure is from. What nobody gave and nothing measured is assumed."""

_IN_PROPORTION: Final = ("messages", "records", "workflow_runs", "stored_gb")
_SHARES: Final = ("cold_share", "prompt_share", "warm_share", "connection_share")
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def _figure(value: float, unit: str, meaning: str) -> float:
    # What a dataclass's field is declared by has the type of what it holds.
    default: float = field(default=value, metadata={"unit": unit, "meaning": meaning})
    return default


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A month's work. Each figure's unit and meaning are in its metadata, of which FIGURES makes a table.

    `on(platform)` is the same work as one platform does it: what was measured there replaces the common figure.
    Raises InvalidWorkloadError for a figure that cannot be.
    """

    requests: float = _figure(1_000_000, "a month", "requests of clients")
    wall_ms: float = _figure(40, "ms", "from a request's arrival at the function to its answer, waiting included")
    cpu_ms: float = _figure(8, "ms", "processor time of one request")
    memory_mb: float = _figure(512, "MB", "memory that a function is given")
    extra_disk_mb: float = _figure(0, "MB", "temporary storage of an instance beyond what is there anyway")
    process_mb: float = _figure(200, "MB", "memory that one process needs which runs all the time")
    request_bytes: float = _figure(1_000, "bytes", "one request, with its headers")
    response_bytes: float = _figure(2_000, "bytes", "one answer, with its headers")
    connection_share: float = _figure(0.5, "of 1", "requests that open a connection of their own")
    log_bytes: float = _figure(500, "bytes", "what one request or run writes to the log")
    log_days: float = _figure(30, "days", "how long logs are kept")
    cold_share: float = _figure(0.005, "of 1", "requests that find no warm instance")
    init_ms: float = _figure(1_000, "ms", "an instance's start without a snapshot")
    versions: float = _figure(1, "", "published versions whose snapshots are kept")
    prompt_share: float = _figure(0, "of 1", "requests that ask a model")
    tokens_in: float = _figure(300, "tokens", "one prompt")
    tokens_out: float = _figure(200, "tokens", "one completion")
    reads: float = _figure(0, "a request", "items of state read")
    writes: float = _figure(0, "a request", "items of state written or deleted")
    item_bytes: float = _figure(1_000, "bytes", "one item of state, with its key")
    stored_gb: float = _figure(0, "GB", "state that is kept")
    secrets: float = _figure(0, "", "secrets that are kept; each new instance reads every one once")
    messages: float = _figure(0, "a month", "messages through queues")
    message_bytes: float = _figure(2_000, "bytes", "one message")
    message_batch: float = _figure(10, "messages", "that one run of a queue's handler takes")
    records: float = _figure(0, "a month", "records through streams")
    record_bytes: float = _figure(1_000, "bytes", "one record")
    record_batch: float = _figure(100, "records", "that one run of a stream's handler takes")
    ticks: float = _figure(0, "a month", "runs by schedule")
    workflow_runs: float = _figure(0, "a month", "workflows started")
    workflow_steps: float = _figure(5, "a workflow", "steps, each a run of a handler")
    background_wall_ms: float = _figure(40, "ms", "one run of a schedule's, queue's, stream's or workflow's handler")
    background_cpu_ms: float = _figure(8, "ms", "processor time of such a run")
    warm_environments: float = _figure(0, "", "instances that are kept warm, where that is bought")
    warm_hours: float = _figure(730, "a month", "hours for which they are")
    warm_share: float = _figure(1, "of 1", "requests that they take")
    shape: Shape = SHAPES["flat"]
    options: tuple[str, ...] = ()
    """Choices that a price table offers, such as another processor."""
    origin: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """By figure; one that is missing here is assumed."""
    by_platform: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """What was measured or given for one platform alone."""
    not_deployed: tuple[str, ...] = ()
    """Capabilities that are priced and do not exist yet."""

    def __post_init__(self) -> None:
        """Raises InvalidWorkloadError."""
        for name in FIGURES:
            _check(name, getattr(self, name))
        for platform, figures in self.by_platform.items():
            for name, value in figures.items():
                _known(name, f"the platform {platform}")
                _check(f"{platform}.{name}", value)
        for name in ("message_batch", "record_batch"):
            if getattr(self, name) < 1:
                raise InvalidWorkloadError(f"{name} is {getattr(self, name):g}; the least is 1")

    def on(self, platform: str, like: str = "") -> Workload:
        """The work as this platform does it, with figures of the one that it is like where it has none of its own."""
        figures = {**self.by_platform.get(like, _NOTHING), **self.by_platform.get(platform, _NOTHING)}
        return dataclasses.replace(self, **figures, by_platform=_NOTHING) if figures else self

    def scaled(self, requests: float) -> Workload:
        """With so many requests a month, and messages, records, workflows and state in proportion. Schedules and
        secrets stay as they are.
        """
        if not self.requests:
            return dataclasses.replace(self, requests=requests)
        factor = requests / self.requests
        return dataclasses.replace(
            self, requests=requests, **{name: getattr(self, name) * factor for name in _IN_PROPORTION}
        )

    def figures(self) -> dict[str, float | str | bool]:
        """All by name, as reports show them; the shape by its name and its peak over the mean, options as one text."""
        plain: dict[str, float | str | bool] = {name: float(getattr(self, name)) for name in FIGURES}
        special = {
            f"{p}.{name}": float(value) for p, figures in self.by_platform.items() for name, value in figures.items()
        }
        day: dict[str, float | str | bool] = {"shape": self.shape.name, "shape_peak": round(self.shape.peak, 2)}
        return {**plain, **special, **day, "options": ", ".join(self.options) or "none"}

    def origins(self) -> dict[str, Origin]:
        """Where each of `figures()` is from."""
        return {name: self.origin.get(name, "assumed") for name in self.figures()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a workload: what it is called, counted in and worth when nobody says."""

    name: str
    unit: str
    meaning: str
    default: float


def _of(declared: dataclasses.Field[Any]) -> Figure:
    told = declared.metadata
    return Figure(name=declared.name, unit=told["unit"], meaning=told["meaning"], default=float(str(declared.default)))


FIGURES: Final[Mapping[str, Figure]] = MappingProxyType(
    {declared.name: _of(declared) for declared in dataclasses.fields(Workload) if "unit" in declared.metadata}
)


def _known(name: str, where: str) -> None:
    if name not in FIGURES:
        raise InvalidWorkloadError(f"{where} has the unknown figure {name!r}; valid: {', '.join(FIGURES)}")


def _check(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise InvalidWorkloadError(f"{name} is {value!r}; a workload's figures are numbers, 0 or more")
    if name.rpartition(".")[2] in _SHARES and value > 1:
        raise InvalidWorkloadError(f"{name} is {value:g}; it is a share, 0 to 1")
