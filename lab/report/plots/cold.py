"""Every cold start as a dot, one row a target and method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from lab.latency import ColdStarts
from lab.report.plots.canvas import SIZE, canvas, label, logarithmic
from lab.report.plots.drawing import drawing
from lab.report.plots.series import INK, MUTED, Series

_ROW: Final = 52.0
_FRAME: Final = 68.0
_SPREAD: Final = (0.0, 0.10, -0.10, 0.05, -0.05)
"""Heights that neighbouring dots take in turn, so that they do not hide one another."""


def cold_starts(found: Sequence[ColdStarts], looks: Mapping[str, Series], prefix: str) -> str:
    """Dots, the median with its interval, and the warm median as a hollow mark. Only for those with values."""
    figure, axes = canvas(_FRAME + _ROW * len(found), left=2)
    for row, cold in enumerate(found):
        _row(axes, cold, row, looks[cold.target])
    axes.set_ylim(len(found) - 0.55, -0.65)
    axes.yaxis.set_major_locator(NullLocator())
    axes.grid(visible=False, axis="y")
    warm = [cold.warm_p50 for cold in found if cold.warm_p50]
    logarithmic(axes, "x", [*(value for cold in found for value in cold.values), *warm])
    label(axes, x="ms from request to last byte", y="")
    return drawing(figure, prefix)


def _row(axes: Axes, cold: ColdStarts, row: int, look: Series) -> None:
    axes.text(
        0, row - 0.28, f"{cold.target}, {cold.method}", fontsize=SIZE, color=INK, transform=axes.get_yaxis_transform()
    )
    values = sorted(cold.values)
    axes.plot(
        values,
        [row + 0.05 + _SPREAD[index % len(_SPREAD)] for index in range(len(values))],
        color=look.color,
        marker=look.marker,
        markersize=4.6,
        alpha=0.6,
        linestyle="none",
    )
    for quantile in cold.quantiles:
        if quantile.q == 0.5 and quantile.estimate is not None:
            estimate = quantile.estimate
            axes.plot([estimate.low, estimate.high], [row + 0.28] * 2, color=INK, linewidth=1.8)
            axes.plot([estimate.value], [row + 0.28], color=INK, marker="|", markersize=9, markeredgewidth=1.8)
    if cold.warm_p50:
        axes.plot([cold.warm_p50], [row + 0.05], color=MUTED, marker=look.marker, markersize=6, fillstyle="none")
        axes.annotate(
            "warm", (cold.warm_p50, row + 0.05), xytext=(0, -8), textcoords="offset points", ha="center", va="top",
            fontsize=SIZE - 2, color=MUTED,
        )  # fmt: skip
