"""How much a target takes: steps of rising load, until it falls behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from lab.load.open_loop import Slot, open_loop
from lab.samples import Round, Sample
from lab.scenario import Caps, Endpoint, Level
from lab.targets import Target

KEEPS_UP = 0.95
"""Of the offered load: with less answered, it has fallen behind."""
MOST_ERRORS = 0.01
CLOSE_ENOUGH = 1.2
"""A rate that failed, over one that did not: nearer than this the knee is known well enough."""
_FEWEST = 8
_SURE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ascent:
    """`first` requests a second, then twice as many, on `connections`; each step lasts `step` seconds."""

    first: float = 50
    connections: int = 64
    step: float = 1.0


def achieved(done: Round, seconds: float) -> float:
    """Answers without error a second, once the step's own beginning and end are left aside.

    A target that takes 200 ms for each request keeps up with any rate of them as long as it is 200 ms. One that falls
    behind makes every request wait longer than the one before: where latency grows by g seconds a second, answers leave
    at 1 / (1 + g) of the rate at which requests come. A growth that may be chance is none.
    """
    answered = [sample for sample in done.samples if not sample.error]
    return len(answered) / seconds / (1 + _growth(answered))


def keeps_up(done: Round, offered: float, seconds: float) -> bool:
    """Whether the target kept up with what was offered."""
    sent = max(1, round(offered * seconds)) / seconds
    return _failed(done) <= MOST_ERRORS * len(done.samples) and achieved(done, seconds) >= KEEPS_UP * sent


def _growth(answered: Sequence[Sample]) -> float:
    """Seconds of latency a second, by least squares; 0 where it is within three standard errors of 0."""
    if len(answered) < _FEWEST:
        return 0.0
    due = np.array([sample.intended for sample in answered], dtype=np.float64)
    latency = np.array([sample.latency for sample in answered], dtype=np.float64)
    due -= due.mean()
    spread = float(due @ due)
    if not spread:
        return 0.0
    slope = float(due @ latency) / spread
    rest = latency - latency.mean() - slope * due
    error = float(np.sqrt(rest @ rest / (len(answered) - 2) / spread))
    return slope if slope > _SURE * error else 0.0


def _failed(done: Round) -> int:
    return sum(1 for sample in done.samples if sample.error)


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
    """A round a step, its level named by its rate; ends when the knee is found, at a cap, or after `seconds`."""
    good: list[float] = []
    bad: list[float] = []
    began = perf_counter()
    number = sent = 0
    while (rate := next_rate(good, bad, ascent, caps)) is not None and perf_counter() - began + ascent.step < seconds:
        level = Level(rate=rate, connections=ascent.connections)
        slot = Slot(target=target, endpoint=endpoint, level=level, number=number, seconds=ascent.step, phase=0.0)
        sent += slot.requests
        if sent > caps.requests:
            return
        # A target that has fallen far behind is not waited for: twice the step is more than it was given.
        done = await open_loop(slot, run=run, origin=origin, patience=2 * ascent.step)
        yield done
        (good if keeps_up(done, rate, ascent.step) else bad).append(rate)
        number += 1


def why_ended(rounds: Sequence[Round], ascent: Ascent, caps: Caps) -> str:
    """Why there are no more steps, for the report."""
    if not rounds:
        return "no step was run"
    steps = {float(done.level.partition("/")[0]): done for done in rounds}
    good = [rate for rate, done in steps.items() if keeps_up(done, rate, ascent.step)]
    bad = sorted(steps.keys() - set(good))
    if bad:
        return f"at {bad[0]:g} requests a second {_behind(steps[bad[0]], ascent.step)}"
    if max(good) >= caps.rate:
        return f"the cap of {caps.rate:g} requests a second was reached"
    sent = sum(len(done.samples) for done in rounds)
    if sent + 2 * max(good) * ascent.step > caps.requests:
        return f"the cap of {caps.requests:,} requests was reached"
    return "its time was over before it fell behind"


def _behind(done: Round, seconds: float) -> str:
    failed = _failed(done)
    if failed > MOST_ERRORS * len(done.samples):
        return f"{failed} of {len(done.samples)} failed"
    waited, late = (sum(values) for values in zip(*((one.latency, one.late) for one in done.samples), strict=True))
    if 2 * late > waited:
        return "the load generator itself fell behind: this machine cannot send more"
    return f"it fell behind: it answered {achieved(done, seconds):.0f} a second"
