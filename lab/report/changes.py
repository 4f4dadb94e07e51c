"""What changed between two reports.

No change is shown where the interval of the change (lab/contrast.py) contains none. It knows the spread within
each run; what differs between the runs' machines and hours it cannot know, so that those are named as cautions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lab.contrast import difference, is_shown, ratio
from lab.estimate import Estimate
from lab.report.events import Event, cautions, events
from lab.report.measures import Figure, figures
from lab.report.model import Report

Verdict = Literal["better", "worse", "no change shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure that both reports have. `ratio` is None where there is none (from 0)."""

    figure: Figure
    """As it is now."""
    before: Estimate
    difference: Estimate
    ratio: Estimate | None
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Everything that differs, and the figures that do not."""

    before: str
    """The earlier report's title and time."""
    cautions: tuple[str, ...]
    figures: tuple[Change, ...]
    came: tuple[Figure, ...]
    went: tuple[Figure, ...]
    events: tuple[Event, ...]


def changes(old: Report, new: Report) -> Changes:
    """`new` against `old`, in the order of `new`."""
    before = {figure.id: figure for figure in figures(old)}
    now = {figure.id: figure for figure in figures(new)}
    return Changes(
        before=f"{old.title}, {old.method.started:%Y-%m-%d %H:%M}",
        cautions=cautions(old, new),
        figures=tuple(change(before[key].estimate, figure) for key, figure in now.items() if key in before),
        came=tuple(figure for key, figure in now.items() if key not in before),
        went=tuple(figure for key, figure in before.items() if key not in now),
        events=events(old, new),
    )


def change(before: Estimate, figure: Figure) -> Change:
    """The change of one figure and what its interval says of it."""
    found = difference(before, figure.estimate)
    return Change(
        figure=figure,
        before=before,
        difference=found,
        ratio=ratio(before, figure.estimate),
        verdict=_verdict(found, less_is_better=figure.measure.less_is_better),
    )


def _verdict(found: Estimate, *, less_is_better: bool) -> Verdict:
    if not is_shown(found):
        return "no change shown"
    return "better" if (found.value < 0) == less_is_better else "worse"
