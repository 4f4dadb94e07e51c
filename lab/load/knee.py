"""How much a target takes: steps of rising load, until it falls behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from lab.load.open_loop import Slot, open_loop
from lab.samples import Round
from lab.scenario import Caps, Endpoint, Level
from lab.targets import Target

KEEPS_UP = 0.95
"""Of the offered load: with less answered in the step's own time, it has fallen behind."""
MOST_ERRORS = 0.01
CLOSE_ENOUGH = 1.2
"""A rate that failed, over one that did not: nearer than this the knee is known well enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ascent:
    """`first` requests a second, then twice as many, on `connections`; each step lasts `step` seconds."""

    first: float = 50
    connections: int = 64
    step: float = 1.0


def achieved(done: Round, seconds: float) -> float:
    """Answers without error a second, from the first request due to the last answer, or the step's own time if that was
    longer.
    """
    answered = [sample for sample in done.samples if not sample.error]
    if not answered:
        return 0.0
    began = min(sample.intended for sample in done.samples)
    ended = max(sample.intended + sample.latency for sample in done.samples)
    return len(answered) / max(seconds, (ended - began) / 1_000_000)


def keeps_up(done: Round, offered: float, seconds: float) -> bool:
    """Whether the target kept up with what was offered."""
    failed = sum(1 for sample in done.samples if sample.error)
    return failed <= MOST_ERRORS * len(done.samples) and achieved(done, seconds) >= KEEPS_UP * offered


def next_rate(good: Sequence[float], bad: Sequence[float], ascent: Ascent, caps: Caps) -> float | None:
    """The next step's rate, None where there is none: doubled until one fails, and then halfway between the highest
    that was kept up with and the lowest that was not.
    """
    if not bad:
        if good and max(good) >= caps.rate:
            return None
        return min(2 * max(good) if good else ascent.first, caps.rate)
    if not good or min(bad) / max(good) <= CLOSE_ENOUGH:
        return None
    return round((max(good) + min(bad)) / 2)


async def climb(
    target: Target, endpoint: Endpoint, ascent: Ascent, caps: Caps, *, run: str, origin: float, seconds: float
) -> AsyncIterator[Round]:
    """A round a step, its level named by its rate; ends when the knee is found, at the cap, or after `seconds`."""
    good: list[float] = []
    bad: list[float] = []
    began = perf_counter()
    number = 0
    while (rate := next_rate(good, bad, ascent, caps)) is not None and perf_counter() - began + ascent.step < seconds:
        level = Level(rate=rate, connections=ascent.connections)
        slot = Slot(target=target, endpoint=endpoint, level=level, number=number, seconds=ascent.step, phase=0.0)
        # A target that has fallen far behind is not waited for: twice the step is more than it was given.
        done = await open_loop(slot, run=run, origin=origin, patience=2 * ascent.step)
        yield done
        (good if keeps_up(done, rate, ascent.step) else bad).append(rate)
        number += 1


def why_ended(rounds: Sequence[Round], caps: Caps) -> str:
    """Why there are no more steps, for the report."""
    if not rounds:
        return "no step was run"
    rates = [float(done.level.partition("/")[0]) for done in rounds]
    if max(rates) >= caps.rate:
        return f"the cap of {caps.rate:g} requests a second was reached"
    return "it fell behind, or its time was over"
