"""The bill over requests a month, and where one platform stops being the cheaper one."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes

from lab.cost.bill import BreakEven, Curve
from lab.report.plots.canvas import SIZE, canvas, label, logarithmic
from lab.report.plots.drawing import drawing
from lab.report.plots.series import INK, MUTED, PAPER, Series

_LEAST: Final = 0.01
"""USD: what is free has no place on a logarithmic axis but its bottom."""


def cost_curves(
    curves: Sequence[Curve],
    ends: Sequence[BreakEven],
    here: float | None,
    looks: Mapping[str, Series],
    prefix: str,
) -> str:
    """One line a platform, a ring at each break-even point, a line at `here` (requests a month of the workload)."""
    figure, axes = canvas(280.0)
    for curve in curves:
        look = looks[curve.platform]
        axes.plot(
            [x for x, _ in curve.points],
            [max(y, _LEAST) for _, y in curve.points],
            color=look.color,
            linewidth=1.8,
            dashes=look.dash or (None, None),
            marker=look.marker,
            markevery=max(len(curve.points) // 5, 1),
            markersize=5,
        )
    logarithmic(axes, "x", [x for curve in curves for x, _ in curve.points if x > 0])
    logarithmic(axes, "y", [max(y, _LEAST) for curve in curves for _, y in curve.points])
    for end in ends:
        _ring(axes, end, curves)
    if here:
        axes.axvline(here, color=MUTED, linewidth=0.9, dashes=(2, 2))
        axes.text(
            here, 1.0, " this workload", fontsize=SIZE - 1, color=MUTED, transform=axes.get_xaxis_transform(), va="top"
        )
    label(axes, x="requests a month", y="USD a month")
    return drawing(figure, prefix)


def _ring(axes: Axes, end: BreakEven, curves: Sequence[Curve]) -> None:
    points = next((curve.points for curve in curves if curve.platform == end.below), ())
    height = _at(points, end.requests)
    if end.requests is not None and height is not None:
        axes.plot(
            [end.requests], [max(height, _LEAST)], color=INK, marker="o", markersize=9, markerfacecolor=PAPER,
            markeredgewidth=1.6, alpha=0.9, zorder=3,
        )  # fmt: skip


def _at(points: Sequence[tuple[float, float]], x: float | None) -> float | None:
    """The curve's height at `x`, between its points in a straight line; None beyond its ends."""
    if x is None:
        return None
    for (left, low), (right, high) in itertools.pairwise(points):
        if left <= x <= right:
            return low + (high - low) * ((x - left) / (right - left) if right > left else 0)
    return None
