"""All differences between two targets on one scale: how many times the first one's time the second takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lab.latency import Difference
from lab.report.plots.canvas import SIZE, canvas
from lab.report.plots.drawing import drawing
from lab.report.plots.series import INK, MUTED, PAPER, RULE, Series

_ROW: Final = 40.0
_FRAME: Final = 74.0
_SCALES: Final = (1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 100.0, 1000.0)
_OFFSETS: Final = {0.5: 0.10, 0.99: 0.34}
_LEAST: Final = 1e-3


def ratios(differences: Sequence[Difference], looks: Mapping[str, Series], prefix: str) -> str:
    """A row a load, with p50 above p99, each with its interval, in the colour of who is faster. All `differences` are
    between the same two targets, and at p50 or p99.
    """
    rows = list(dict.fromkeys((each.endpoint, each.level) for each in differences))
    figure, axes = canvas(_FRAME + _ROW * len(rows), left=2)
    reach = _reach(differences)
    axes.set_xscale("log")
    axes.set_xlim(1 / reach, reach)
    axes.set_ylim(len(rows) - 0.3, -0.55)
    axes.axvline(1, color=MUTED, linewidth=1)
    for number, (endpoint, level) in enumerate(rows):
        axes.text(
            0, number - 0.2, f"{endpoint} at {level}", fontsize=SIZE, color=INK, transform=axes.get_yaxis_transform()
        )
        for each in differences:
            if (each.endpoint, each.level) == (endpoint, level) and each.q in _OFFSETS:
                _interval(axes, each, number + _OFFSETS[each.q], looks)
    _axes(axes, reach, differences[0])
    return drawing(figure, prefix)


def _interval(axes: Axes, each: Difference, height: float, looks: Mapping[str, Series]) -> None:
    ratio = each.ratio
    look = looks[each.second if ratio.value < 1 else each.first]
    color = look.color if each.shown else MUTED
    axes.plot([max(ratio.low, _LEAST), ratio.high], [height, height], color=color, linewidth=1.8)
    axes.plot(
        [ratio.value],
        [height],
        color=color,
        marker=look.marker if each.shown else "o",
        markersize=6,
        markerfacecolor=color if each.shown else PAPER,
        linestyle="none",
    )
    axes.annotate(
        f"p{each.q * 100:g}",
        (max(ratio.low, _LEAST), height),
        xytext=(-5, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=SIZE - 2,
        color=MUTED,
    )


def _reach(differences: Sequence[Difference]) -> float:
    most = max(max(each.ratio.high, 1 / max(each.ratio.low, _LEAST)) for each in differences)
    return next((scale for scale in _SCALES if scale > most * 1.15), most * 1.15)


def _axes(axes: Axes, reach: float, each: Difference) -> None:
    axes.yaxis.set_major_locator(NullLocator())
    axes.spines["bottom"].set_color(RULE)
    step = next((scale for scale in reversed(_SCALES) if scale < reach * 0.9), reach)
    axes.xaxis.set_major_locator(FixedLocator([1 / step, 1, step]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: "equal" if value == 1 else f"{value:.2g} x"))
    axes.set_xlabel(f"time of {each.second} over time of {each.first}", fontsize=SIZE, color=MUTED, labelpad=5)
    axes.set_title(f"{each.second} faster", loc="left", fontsize=SIZE, color=INK, pad=8)
    axes.set_title(f"{each.first} faster", loc="right", fontsize=SIZE, color=INK, pad=8)
