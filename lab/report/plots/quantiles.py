"""The whole distribution of latencies: milliseconds over quantiles, the tail drawn out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lab.latency import Cell
from lab.report.plots.canvas import canvas, label, logarithmic
from lab.report.plots.drawing import drawing
from lab.report.plots.series import PAPER, Series

_TICKS: Final = {1.0: "p0", 2.0: "p50", 10.0: "p90", 100.0: "p99", 1_000.0: "p99.9", 10_000.0: "p99.99"}
_LEAST: Final = 0.001


def quantile_curves(cells: Sequence[Cell], looks: Mapping[str, Series], prefix: str) -> str:
    """One line a target, with the intervals of the quantiles that were estimated. Each cell has a distribution."""
    figure, axes = canvas()
    for cell in cells:
        _curve(axes, cell, looks[cell.target])
    logarithmic(axes, "y", [max(value, _LEAST) for cell in cells for value in _heights(cell)])
    _tail_axis(axes, max(_tail(q) for cell in cells for q, _ in cell.distribution))
    label(axes, x="share of requests that were at most this slow", y="ms")
    return drawing(figure, prefix)


def _curve(axes: Axes, cell: Cell, look: Series) -> None:
    axes.plot(
        [_tail(q) for q, _ in cell.distribution],
        [max(value, _LEAST) for _, value in cell.distribution],
        color=look.color,
        linewidth=1.7,
        dashes=look.dash or (None, None),
    )
    estimated = [(quantile.q, quantile.estimate) for quantile in cell.quantiles if quantile.estimate is not None]
    axes.errorbar(
        [_tail(q) for q, _ in estimated],
        [estimate.value for _, estimate in estimated],
        yerr=[
            [max(estimate.value - estimate.low, 0) for _, estimate in estimated],
            [max(estimate.high - estimate.value, 0) for _, estimate in estimated],
        ],
        color=look.color,
        linestyle="none",
        marker=look.marker,
        markersize=5.5,
        markeredgecolor=PAPER,
        markeredgewidth=0.8,
        elinewidth=1.4,
    )


def _heights(cell: Cell) -> list[float]:
    found = [value for _, value in cell.distribution]
    for quantile in cell.quantiles:
        if quantile.estimate is not None:
            found += [quantile.estimate.low, quantile.estimate.high]
    return found


def _tail(q: float) -> float:
    """One in how many requests is slower: 100 at p99."""
    return 1 / (1 - min(q, 0.999_999))


def _tail_axis(axes: Axes, most: float) -> None:
    axes.set_xscale("log")
    axes.set_xlim(1, max(most, 10.0) * 1.25)
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in _TICKS if tick <= most * 1.25]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: _TICKS.get(tick, "")))
