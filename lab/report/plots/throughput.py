"""Steps of rising load: what was answered, and how slowly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes

from lab.latency import Knee
from lab.report.plots.canvas import SIZE, canvas, label, logarithmic
from lab.report.plots.drawing import drawing
from lab.report.plots.series import MUTED, Series

_MOST_TICKS: Final = 7


def answered(knees: Sequence[Knee], looks: Mapping[str, Series], prefix: str) -> str:
    """Requests a second answered over requests a second offered, against the line on which they are equal."""
    figure, axes = canvas()
    offered = [step.offered for knee in knees for step in knee.steps]
    got = [step.achieved for knee in knees for step in knee.steps if step.achieved > 0]
    ends = [min(offered), max(offered)]
    axes.plot(ends, ends, color=MUTED, linewidth=0.9)
    axes.annotate(
        "all answered", (ends[1], ends[1]), xytext=(-4, 4), textcoords="offset points", ha="right", va="bottom",
        fontsize=SIZE - 1, color=MUTED,
    )  # fmt: skip
    for knee in knees:
        steps = [step for step in knee.steps if step.achieved > 0]
        _line(axes, [step.offered for step in steps], [step.achieved for step in steps], looks[knee.target])
    logarithmic(axes, "x", offered, _steps(offered))
    logarithmic(axes, "y", [*got, *ends])
    label(axes, x="requests a second offered", y="requests a second answered")
    return drawing(figure, prefix)


def slowed(knees: Sequence[Knee], looks: Mapping[str, Series], prefix: str) -> str:
    """p99 over requests a second offered."""
    figure, axes = canvas()
    points = {
        knee.target: [(step.offered, step.p99) for step in knee.steps if step.p99 is not None and step.p99 > 0]
        for knee in knees
    }
    for target, found in points.items():
        _line(axes, [step for step, _ in found], [p99 for _, p99 in found], looks[target])
    offered = [step for found in points.values() for step, _ in found]
    logarithmic(axes, "x", offered, _steps(offered))
    logarithmic(axes, "y", [p99 for found in points.values() for _, p99 in found])
    label(axes, x="requests a second offered", y="ms at p99")
    return drawing(figure, prefix)


def _steps(offered: Sequence[float]) -> list[float]:
    """The steps themselves as ticks, every second one and so on where they are many."""
    steps = sorted(set(offered))
    return steps[:: max(1, math.ceil(len(steps) / _MOST_TICKS))]


def _line(axes: Axes, x: Sequence[float], y: Sequence[float], look: Series) -> None:
    axes.plot(
        x, y, color=look.color, linewidth=1.7, dashes=look.dash or (None, None), marker=look.marker, markersize=5.5
    )
