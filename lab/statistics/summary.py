"""From rounds to the figures of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from lab.estimate import Estimate, Quantile
from lab.latency import Cell, Knee, Moment, Phase, Step
from lab.load.knee import achieved, keeps_up
from lab.samples import Round
from lab.statistics.between_rounds import widened
from lab.statistics.columns import Columns, columns
from lab.statistics.grouped import Key, grouped, rate
from lab.statistics.intervals import Blocks, Floats, design_effect, quantile, share

QUANTILES: Final = (0.5, 0.9, 0.99, 0.999)
CURVE_POINTS, MOST_MOMENTS = 120, 600


def cells(rounds: Sequence[Round]) -> tuple[Cell, ...]:
    """A cell for each target, endpoint and level."""
    return tuple(_cell(key, together) for key, together in grouped(rounds).items())


def knee(rounds: Sequence[Round], ended: str, *, seconds: float) -> Knee:
    """Of one target's steps, each of so many seconds."""
    steps: list[Step] = []
    kept: list[float] = []
    for done in rounds:
        offered = rate(done.level)
        latency = columns([done])
        answered = latency.latency[~latency.failed]
        if keeps_up(done, offered, seconds):
            kept.append(offered)
        steps.append(
            Step(
                offered=offered,
                achieved=achieved(done, seconds),
                p50=float(np.quantile(answered, 0.5)) if len(answered) else None,
                p99=float(np.quantile(answered, 0.99)) if len(answered) else None,
                errors=int(latency.failed.sum()),
            )
        )
    return Knee(
        target=rounds[0].target,
        endpoint=rounds[0].endpoint,
        steps=tuple(sorted(steps, key=lambda step: step.offered)),
        rate=max(kept, default=None),
        ended=ended,
    )


def quantiles(values: Iterable[float], wanted: Sequence[float] = (0.5, 0.9)) -> tuple[Quantile, ...]:
    """Of independent values, such as cold starts."""
    given = np.array(list(values), dtype=np.float64)
    each = (np.arange(len(given), dtype=np.int64),)
    return tuple(quantile(given, each, q) for q in wanted)


def _cell(key: Key, rounds: Sequence[Round]) -> Cell:
    target, endpoint, level = key
    data = columns(rounds)
    warm = data.only_warm()
    values = warm.latency
    spent = sum(_span(done) for done in rounds)
    return Cell(
        target=target,
        endpoint=endpoint,
        level=level,
        rounds=len(rounds),
        samples=len(data.latency),
        warm=len(values),
        cold=int((data.cold & ~data.failed).sum()),
        quantiles=tuple(widened(quantile(values, warm.blocks, q), values, warm.numbers) for q in QUANTILES),
        errors=dict(sorted(Counter(kind for kind in data.errors if kind).items())),
        error_rate=_error_rate(data),
        offered=rate(level),
        achieved=float((~data.failed).sum()) / spent if spent else 0.0,
        in_flight=float(data.in_flight.mean()) if len(data.in_flight) else 0.0,
        late_p99=float(np.quantile(data.late, 0.99)) if len(data.late) else 0.0,
        phases=_phases(data, rounds),
        distribution=_curve(values),
        timeline=_timeline(data),
    )


def _span(done: Round) -> float:
    """Seconds that the answers took to come, the slowest and quickest twentieth aside: as long as the requests were due
    for, or longer where the target fell behind.
    """
    due = len(done.samples) / rate(done.level)
    ends = [(sample.intended + sample.latency) / 1_000_000 for sample in done.samples if not sample.error]
    if not ends:
        return due
    first, last = np.quantile(ends, (0.05, 0.95))
    return max(due, float(last - first) / 0.9)


def _error_rate(data: Columns) -> Estimate:
    """Errors come in runs, and whole rounds may have more of them: both count."""
    cuts = (*data.blocks, data.numbers) if len(np.unique(data.numbers)) > 1 else data.blocks
    effect = max(design_effect(data.failed, cut) for cut in cuts)
    return share(int(data.failed.sum()), len(data.failed), effect=effect)


def _phases(data: Columns, rounds: Sequence[Round]) -> tuple[Phase, ...]:
    """Connections are those made before a round, and those that a request had to wait for."""
    before = np.array([one for done in rounds for one in done.opened], dtype=np.float64).reshape(-1, 3) / 1000
    found = []
    for name, values in (
        ("name", np.concatenate((before[:, 0], data.name))),
        ("connect", np.concatenate((before[:, 1], data.connect))),
        ("tls", np.concatenate((before[:, 2], data.tls))),
        ("first byte", data.first_byte),
        ("body", data.body),
    ):
        took = values[values >= 0]
        if len(took):
            low, high = np.quantile(took, (0.5, 0.99))
            found.append(Phase(name=name, samples=len(took), p50=float(low), p99=float(high)))
    return tuple(found)


def _curve(values: Floats) -> tuple[tuple[float, float], ...]:
    """Evenly over 1 - q on a logarithmic scale, as far as there is a sample for each."""
    if not len(values):
        return ()
    tails = np.geomspace(1, 1 / len(values), CURVE_POINTS) if len(values) > 1 else np.array([1.0])
    levels = 1 - tails
    return tuple((float(q), float(v)) for q, v in zip(levels, np.quantile(values, levels), strict=True))


def _timeline(data: Columns) -> tuple[Moment, ...]:
    """A moment a second, or one for several seconds where there would be too many."""
    seconds, places = np.unique(np.floor(data.intended), return_inverse=True)
    several = -(-len(seconds) // MOST_MOMENTS) or 1
    moments = places // several
    order = np.argsort(moments, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(moments[order])) + 1) if len(order) else []
    return tuple(_moment(data, part, float(seconds[number * several])) for number, part in enumerate(parts))


def _moment(data: Columns, part: Blocks, second: float) -> Moment:
    answered = data.latency[part][data.warm[part]]
    return Moment(
        second=second,
        samples=len(part),
        p50=float(np.quantile(answered, 0.5)) if len(answered) else None,
        maximum=float(answered.max()) if len(answered) else None,
        errors=int(data.failed[part].sum()),
    )
