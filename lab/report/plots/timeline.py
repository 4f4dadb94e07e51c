"""Latency over the comparison's time: a step every second, the median as a line and the slowest above it."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes

from lab.latency import Cell, Moment
from lab.report.plots.canvas import canvas, label, linear, logarithmic
from lab.report.plots.drawing import drawing
from lab.report.plots.series import BAD, Series

_MOST_MOMENTS: Final = 120
_LEAST: Final = 0.001


def timeline(cells: Sequence[Cell], looks: Mapping[str, Series], prefix: str) -> str:
    """One line a target; it breaks where another target had its turn. Seconds with errors are crossed at the top."""
    figure, axes = canvas()
    shown = {cell.target: thin(cell.timeline) for cell in cells}
    heights = [
        max(value, _LEAST)
        for moments in shown.values()
        for moment in moments
        for value in (moment.p50, moment.maximum)
        if value is not None
    ]
    if heights:
        logarithmic(axes, "y", heights)
    for target, moments in shown.items():
        _line(axes, moments, looks[target])
    _errors(axes, list(itertools.chain.from_iterable(shown.values())))
    linear(axes.xaxis)
    label(axes, x="seconds since the comparison began", y="ms: median, and up to the slowest, of each second")
    return drawing(figure, prefix)


def thin(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """At most 120 moments: neighbours are taken together, with the median of their medians and the slowest of all."""
    size = math.ceil(len(moments) / _MOST_MOMENTS)
    if size <= 1:
        return tuple(moments)
    return tuple(_together(moments[start : start + size]) for start in range(0, len(moments), size))


def _together(moments: Sequence[Moment]) -> Moment:
    medians = [moment.p50 for moment in moments if moment.p50 is not None]
    slowest = [moment.maximum for moment in moments if moment.maximum is not None]
    return Moment(
        second=moments[0].second,
        samples=sum(moment.samples for moment in moments),
        p50=statistics.median(medians) if medians else None,
        maximum=max(slowest, default=None),
        errors=sum(moment.errors for moment in moments),
    )


def _line(axes: Axes, moments: Sequence[Moment], look: Series) -> None:
    for turn in _turns(moments):
        seconds = [moment.second for moment, _ in turn]
        axes.plot(
            seconds,
            [median for _, median in turn],
            color=look.color,
            linewidth=1.5,
            dashes=look.dash or (None, None),
            marker=look.marker,
            markersize=3.2,
        )
        axes.vlines(
            seconds,
            [median for _, median in turn],
            [max(moment.maximum or 0, median) for moment, median in turn],
            color=look.color,
            linewidth=1.1,
            alpha=0.45,
        )


def _turns(moments: Sequence[Moment]) -> Iterator[list[tuple[Moment, float]]]:
    """Stretches without a pause. Moments without a median are a pause."""
    steps = [later.second - earlier.second for earlier, later in itertools.pairwise(moments)]
    longest = 1.5 * min(steps, default=1.0)
    turn: list[tuple[Moment, float]] = []
    for moment in moments:
        if moment.p50 is None:
            continue
        if turn and moment.second - turn[-1][0].second > longest:
            yield turn
            turn = []
        turn.append((moment, max(moment.p50, _LEAST)))
    if turn:
        yield turn


def _errors(axes: Axes, moments: Sequence[Moment]) -> None:
    failed = [moment.second for moment in moments if moment.errors]
    if failed:
        axes.plot(
            failed,
            [1.0] * len(failed),
            transform=axes.get_xaxis_transform(),
            color=BAD,
            linestyle="none",
            marker="x",
            markersize=5,
            markeredgewidth=1.4,
            clip_on=False,
        )
