"""An empty plot in the page's looks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lab.report.plots.series import INK, MUTED, RULE
from lab.report.words import number

WIDTH: Final = 380.0
"""Of every plot, in units of its SVG: text of SIZE units is then readable on a phone, and not loud on a desk."""
SIZE: Final = 11.0
_ABOVE: Final = 26.0
_BELOW: Final = 42.0
_RIGHT: Final = 12.0
_POINTS: Final = 72
_STEPS: Final = (1.0, 2.0, 5.0)
_MOST_TICKS: Final = 6
_MILLION: Final = 1e6


def canvas(height: float = 240.0, *, left: float = 44.0) -> tuple[Figure, Axes]:
    """One set of axes without a frame, `left` units from the edge for its labels. Margins are fixed, so that plots side
    by side stand in line. The figure is nobody's but the caller's: no state of pyplot's is touched.
    """
    figure = Figure(figsize=(WIDTH / _POINTS, height / _POINTS))
    figure.patch.set_visible(False)
    axes = figure.add_axes(
        (left / WIDTH, _BELOW / height, (WIDTH - left - _RIGHT) / WIDTH, (height - _BELOW - _ABOVE) / height)
    )
    axes.patch.set_visible(False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set(color=MUTED, linewidth=0.8)
    axes.tick_params(which="both", length=0, labelsize=SIZE, labelcolor=INK, pad=4)
    axes.tick_params(axis="x", which="major", length=3, color=MUTED)
    axes.grid(visible=True, axis="y", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def label(axes: Axes, *, x: str, y: str) -> None:
    """Names the axes: x below, y above the axis, where it can be read without turning the head."""
    axes.set_xlabel(x, fontsize=SIZE, color=MUTED, labelpad=5)
    axes.annotate(y, (0, 1), xycoords="figure fraction", xytext=(0, -SIZE), textcoords="offset points", fontsize=SIZE,
                  color=MUTED, annotation_clip=False)  # fmt: skip


def logarithmic(axes: Axes, side: Literal["x", "y"], values: Sequence[float], ticks: Sequence[float] = ()) -> None:
    """A logarithmic axis over `values` (all above 0), with plain numbers at `ticks`, or else at 1, 2 and 5 of each
    power of ten, or at fewer.
    """
    axes.set(**{f"{side}scale": "log"})
    low, high = min(values) / 1.15, max(values) * 1.15
    ticks = list(ticks) or _ticks(low, high)
    axes.set(**{f"{side}lim": (min(low, ticks[0]), max(high, ticks[-1]))})
    axis = axes.xaxis if side == "x" else axes.yaxis
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))


def linear(axis: Axis) -> None:
    """Few ticks, thousands apart."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))


def short(value: float) -> str:
    """As axes say it: 0.5, 20, 1,000, 2 M, 3,000 M."""
    if abs(value) >= _MILLION:
        return f"{value / _MILLION:,.6g} M"
    return number(value) if abs(value) < 1 else f"{value:,.6g}"


def _ticks(low: float, high: float) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in (_STEPS, (1.0, 3.0), (1.0,)):
        found = [step * 10.0**power for power in powers for step in steps if low <= step * 10.0**power <= high]
        if len(found) <= _MOST_TICKS:
            break
    else:
        found = found[:: math.ceil(len(found) / _MOST_TICKS)]
    # A narrow range may hold no such number, or a single one: then its ends are named.
    return found if len(found) > 1 else [float(f"{low:.2g}"), float(f"{high:.2g}")]
