"""What a month of a workload comes to, in the words that a price table may charge by.

Events are counted; those that have a size may be counted in started pieces of it. Amounts are so many events of so
much each, and each may be rounded up before they are summed. All is Decimal: what is summed becomes money.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from lab.cost.workload import Workload

HOURS_A_MONTH: Final = Decimal(730)
"""A year's 8,760 hours by twelve, as both clouds' own calculators have it."""
DAYS_A_MONTH: Final = Decimal(365) / 12
GB: Final = Decimal(10**9)
MB_OF_MEMORY: Final = Decimal(1024)
"""Memory is sold in units of 1,024 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """So many things, each of `size` bytes."""

    count: Decimal
    size: Decimal = Decimal(0)

    def quantity(self, step: Decimal | None) -> Decimal:
        """How many, an event of more than `step` bytes counting once for each started `step`."""
        return self.count if step is None else self.count * max(Decimal(1), _up(self.size, step) / step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """So many events of `each` (ms, bytes or tokens); one of that is `worth` the measure's unit."""

    count: Decimal
    each: Decimal
    worth: Decimal = Decimal(1)

    def quantity(self, step: Decimal | None) -> Decimal:
        """The sum, with `each` rounded up to the next `step`."""
        return self.count * (self.each if step is None else _up(self.each, step)) * self.worth


Measure = Events | Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One word of the vocabulary. `step` is what its events or amounts can be rounded up in, empty where in nothing."""

    meaning: str
    unit: str
    step: str
    of: Callable[[Workload], Measure]


def measures(workload: Workload, names: Iterable[str]) -> dict[str, Measure]:
    """Those words of the vocabulary for one workload."""
    return {name: VOCABULARY[name].of(workload) for name in names}


@lru_cache(maxsize=1024)
def number(value: float) -> Decimal:
    """A figure as it was written: 0.1 is a tenth."""
    return Decimal(str(value))


def _up(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(rounding=ROUND_CEILING) * step


def _cold(w: Workload) -> Decimal:
    return _on_demand(w) * number(w.cold_share)


def _warm(w: Workload) -> Decimal:
    return number(w.requests) * number(w.warm_share) if w.warm_environments else Decimal(0)


def _on_demand(w: Workload) -> Decimal:
    return number(w.requests) - _warm(w)


def _memory(w: Workload) -> Decimal:
    return number(w.memory_mb) / MB_OF_MEMORY


def _runs(w: Workload) -> Mapping[str, Decimal]:
    # How often each trigger runs a handler.
    return {
        "message": number(w.messages) / number(w.message_batch),
        "record": number(w.records) / number(w.record_batch),
        "tick": number(w.ticks),
        "workflow": number(w.workflow_runs) * number(w.workflow_steps),
    }


def _all_runs(w: Workload) -> Decimal:
    return number(w.requests) + sum(_runs(w).values(), Decimal(0))


def _log_gb(w: Workload) -> Amounts:
    return Amounts(count=_all_runs(w), each=number(w.log_bytes), worth=1 / GB)


def _log_stored_gb(w: Workload) -> Amounts:
    return Amounts(count=_all_runs(w), each=number(w.log_bytes), worth=number(w.log_days) / DAYS_A_MONTH / GB)


def _prompts(w: Workload) -> Decimal:
    return number(w.requests) * number(w.prompt_share)


def _events(
    meaning: str, of: Callable[[Workload], Decimal], size: Callable[[Workload], float] | None = None
) -> Meaning:
    def counted(w: Workload) -> Events:
        return Events(count=of(w), size=number(size(w)) if size is not None else Decimal(0))

    return Meaning(meaning=meaning, unit="", step="" if size is None else "bytes", of=counted)


def _duration(meaning: str, count: Callable[[Workload], Decimal], ms: Callable[[Workload], float]) -> Meaning:
    return Meaning(
        meaning=meaning,
        unit="GB-s",
        step="ms",
        of=lambda w: Amounts(count=count(w), each=number(ms(w)), worth=_memory(w) / 1000),
    )


def _processor(meaning: str, count: Callable[[Workload], Decimal], ms: Callable[[Workload], float]) -> Meaning:
    return Meaning(meaning=meaning, unit="ms", step="ms", of=lambda w: Amounts(count=count(w), each=number(ms(w))))


def _of_a_trigger(trigger: str, what: str) -> dict[str, Meaning]:
    return {
        f"{trigger}_handler_runs": _events(f"runs of handlers {what}", lambda w: _runs(w)[trigger]),
        f"{trigger}_gb_seconds": _duration(
            f"memory by time of handlers {what}", lambda w: _runs(w)[trigger], lambda w: w.background_wall_ms
        ),
        f"{trigger}_cpu_ms": _processor(
            f"processor time of handlers {what}", lambda w: _runs(w)[trigger], lambda w: w.background_cpu_ms
        ),
    }


VOCABULARY: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "month": _events("1: a fee by the month", lambda _: Decimal(1)),
        "hours": _events("730: a fee by the hour for one thing", lambda _: HOURS_A_MONTH),
        "requests": _events(
            "requests of clients; size: the larger of request and answer",
            lambda w: number(w.requests),
            lambda w: max(w.request_bytes, w.response_bytes),
        ),
        "gb_seconds": _duration("memory by time of requests", _on_demand, lambda w: w.wall_ms),
        "extra_disk_gb_seconds": Meaning(
            meaning="temporary storage by time of requests",
            unit="GB-s",
            step="ms",
            of=lambda w: Amounts(
                count=number(w.requests),
                each=number(w.wall_ms),
                worth=number(w.extra_disk_mb) / MB_OF_MEMORY / 1000,
            ),
        ),
        "cpu_ms": _processor("processor time of requests", lambda w: number(w.requests), lambda w: w.cpu_ms),
        "cold_starts": _events("instances started", _cold),
        "init_gb_seconds": _duration("memory by time of starts without a snapshot", _cold, lambda w: w.init_ms),
        "restored_gb": Meaning(
            meaning="memory of instances started from a snapshot",
            unit="GB",
            step="",
            of=lambda w: Amounts(count=_cold(w), each=_memory(w)),
        ),
        "cached_gb_seconds": Meaning(
            meaning="memory by time of the snapshots that are kept",
            unit="GB-s",
            step="",
            of=lambda w: Amounts(count=number(w.versions), each=HOURS_A_MONTH * 3600, worth=_memory(w)),
        ),
        "warm_gb_seconds": _duration("memory by time of requests to instances kept warm", _warm, lambda w: w.wall_ms),
        "warm_configured_gb_seconds": Meaning(
            meaning="memory by time of the instances kept warm, busy or not",
            unit="GB-s",
            step="",
            of=lambda w: Amounts(count=number(w.warm_environments), each=number(w.warm_hours) * 3600, worth=_memory(w)),
        ),
        "egress_gb": Meaning(
            meaning="answers to clients",
            unit="GB",
            step="bytes",
            of=lambda w: Amounts(count=number(w.requests), each=number(w.response_bytes), worth=1 / GB),
        ),
        "log_gb": Meaning(meaning="logs written", unit="GB", step="", of=_log_gb),
        "log_stored_gb": Meaning(meaning="logs kept, in the mean", unit="GB", step="", of=_log_stored_gb),
        "log_events": _events("lines of logs, one a request or run", _all_runs),
        "prompts": _events("calls of a model", _prompts),
        "tokens_in": Meaning(
            meaning="tokens of prompts",
            unit="tokens",
            step="",
            of=lambda w: Amounts(count=_prompts(w), each=number(w.tokens_in)),
        ),
        "tokens_out": Meaning(
            meaning="tokens of completions",
            unit="tokens",
            step="",
            of=lambda w: Amounts(count=_prompts(w), each=number(w.tokens_out)),
        ),
        "reads": _events("items of state read", lambda w: number(w.requests) * number(w.reads), lambda w: w.item_bytes),
        "writes": _events(
            "items of state written", lambda w: number(w.requests) * number(w.writes), lambda w: w.item_bytes
        ),
        "stored_gb": Meaning(
            meaning="state kept", unit="GB", step="", of=lambda w: Amounts(count=Decimal(1), each=number(w.stored_gb))
        ),
        "secrets": _events("secrets kept", lambda w: number(w.secrets)),
        "secret_reads": _events("secrets read, each once by a new instance", lambda w: _cold(w) * number(w.secrets)),
        "messages": _events("messages sent to queues", lambda w: number(w.messages), lambda w: w.message_bytes),
        "message_batches": _events(
            "batches of messages taken from queues",
            lambda w: _runs(w)["message"],
            lambda w: w.message_bytes * w.message_batch,
        ),
        "records": _events("records put into streams", lambda w: number(w.records), lambda w: w.record_bytes),
        "record_gb": Meaning(
            meaning="records put into streams",
            unit="GB",
            step="bytes",
            of=lambda w: Amounts(count=number(w.records), each=number(w.record_bytes), worth=1 / GB),
        ),
        "ticks": _events("runs by schedule", lambda w: number(w.ticks)),
        "workflow_runs": _events("workflows started", lambda w: number(w.workflow_runs)),
        "workflow_steps": _events("steps of workflows", lambda w: _runs(w)["workflow"]),
        "workflow_stored_gb": Meaning(
            meaning="state of workflows, an item a step, kept for a month",
            unit="GB",
            step="",
            of=lambda w: Amounts(count=_runs(w)["workflow"], each=number(w.item_bytes), worth=1 / GB),
        ),
        "workflow_run_seconds": Meaning(
            meaning="time of whole workflows, their steps one after another",
            unit="s",
            step="ms",
            of=lambda w: Amounts(
                count=number(w.workflow_runs),
                each=number(w.background_wall_ms) * number(w.workflow_steps),
                worth=Decimal(1) / 1000,
            ),
        ),
        **_of_a_trigger("message", "of queues"),
        **_of_a_trigger("record", "of streams"),
        **_of_a_trigger("tick", "of schedules"),
        **_of_a_trigger("workflow", "of workflows' steps"),
    }
)
