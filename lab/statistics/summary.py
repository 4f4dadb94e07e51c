"""From rounds to the figures of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np

from lab.contrast import difference, is_shown, ratio
from lab.estimate import Quantile
from lab.latency import Cell, Difference, Knee, Moment, Phase, Step
from lab.load.knee import achieved, keeps_up
from lab.samples import Round
from lab.statistics.columns import Columns, columns
from lab.statistics.intervals import Floats, quantile, share

QUANTILES: Final = (0.5, 0.9, 0.99, 0.999)
COMPARED: Final = (0.5, 0.9, 0.99)
CURVE_POINTS, MOST_MOMENTS = 120, 600


def cells(rounds: Sequence[Round]) -> tuple[Cell, ...]:
    """A cell for each target, endpoint and level."""
    return tuple(_cell(key, together) for key, together in _grouped(rounds).items())


def differences(cells: Sequence[Cell]) -> tuple[Difference, ...]:
    """Of all pairs of targets that share a load, at the quantiles that both can tell."""
    loads: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        loads.setdefault((cell.endpoint, cell.level), []).append(cell)
    return tuple(
        found
        for together in loads.values()
        for first, second in combinations(together, 2)
        for found in _differences(first, second)
    )


def knee(rounds: Sequence[Round], ended: str, *, seconds: float) -> Knee:
    """Of one target's steps, each of so many seconds."""
    steps: list[Step] = []
    kept: list[float] = []
    for done in rounds:
        offered = float(done.level.partition("/")[0])
        latency = columns([done])
        warm = latency.latency[~latency.failed]
        if keeps_up(done, offered, seconds):
            kept.append(offered)
        steps.append(
            Step(
                offered=offered,
                achieved=achieved(done, seconds),
                p50=float(np.quantile(warm, 0.5)) if len(warm) else None,
                p99=float(np.quantile(warm, 0.99)) if len(warm) else None,
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


def _grouped(rounds: Sequence[Round]) -> Mapping[tuple[str, str, str], list[Round]]:
    """Rounds of one (target, endpoint, level), by endpoint and level by name and rate, and by target by name."""
    targets = sorted({done.target for done in rounds})
    found: dict[tuple[str, str, str], list[Round]] = {}
    for done in sorted(rounds, key=lambda one: (one.endpoint, _rate(one.level), targets.index(one.target), one.number)):
        found.setdefault((done.target, done.endpoint, done.level), []).append(done)
    return found


def _rate(level: str) -> float:
    return float(level.partition("/")[0])


def _cell(key: tuple[str, str, str], rounds: Sequence[Round]) -> Cell:
    target, endpoint, level = key
    data = columns(rounds)
    warm = data.warm
    values = data.latency[warm]
    blocks = tuple(cut[warm] for cut in data.blocks)
    spent = sum(_span(done) for done in rounds)
    return Cell(
        target=target,
        endpoint=endpoint,
        level=level,
        rounds=len(rounds),
        samples=len(data.latency),
        warm=int(warm.sum()),
        cold=int((data.cold & ~data.failed).sum()),
        quantiles=tuple(quantile(values, blocks, q) for q in QUANTILES),
        errors=dict(sorted(Counter(kind for kind in data.errors if kind).items())),
        error_rate=share(int(data.failed.sum()), len(data.failed)),
        offered=_rate(level),
        achieved=float((~data.failed).sum()) / spent if spent else 0.0,
        in_flight=float(data.in_flight.mean()) if len(data.in_flight) else 0.0,
        late_p99=float(np.quantile(data.late, 0.99)) if len(data.late) else 0.0,
        phases=_phases(data, rounds),
        distribution=_curve(values),
        timeline=_timeline(data),
    )


def _span(done: Round) -> float:
    """Seconds from the first request due to the last answer, at least the distance that each request has to itself."""
    if not done.samples:
        return 0.0
    due = len(done.samples) / _rate(done.level)
    return max(due, (done.samples[-1].intended - done.samples[0].intended) / 1_000_000)


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
    seconds = np.floor(data.intended).astype(np.int64)
    found: list[Moment] = []
    for second in np.unique(seconds):
        here = seconds == second
        answered = data.latency[here & data.warm]
        found.append(
            Moment(
                second=float(second),
                samples=int(here.sum()),
                p50=float(np.quantile(answered, 0.5)) if len(answered) else None,
                maximum=float(answered.max()) if len(answered) else None,
                errors=int(data.failed[here].sum()),
            )
        )
    return tuple(found[:: max(1, len(found) // MOST_MOMENTS)])


def _differences(first: Cell, second: Cell) -> Iterable[Difference]:
    known = {found.q: found.estimate for found in second.quantiles}
    for found in first.quantiles:
        other = known.get(found.q)
        if found.q not in COMPARED or found.estimate is None or other is None:
            continue
        gap, times = difference(found.estimate, other), ratio(found.estimate, other)
        if times is None:
            continue
        yield Difference(
            endpoint=first.endpoint,
            level=first.level,
            first=first.target,
            second=second.target,
            q=found.q,
            difference=gap,
            ratio=times,
            shown=is_shown(gap),
        )
