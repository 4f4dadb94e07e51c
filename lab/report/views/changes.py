"""The section on what changed since an earlier report."""

from __future__ import annotations

from dataclasses import dataclass

from lab.report.changes import Change, Changes
from lab.report.measures import Figure
from lab.report.words import amount, number, place_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One figure that both have, in words."""

    name: str
    before: str
    now: str
    change: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesView:
    """`shown` are those whose interval shows a change, `same` all others."""

    before: str
    cautions: tuple[str, ...]
    shown: tuple[ChangeRow, ...]
    same: tuple[ChangeRow, ...]
    other: tuple[tuple[str, str, str, str], ...]
    """Kind, what, name, text."""


def changes_view(changes: Changes) -> ChangesView:
    """In words."""
    rows = [_row(each) for each in changes.figures]
    return ChangesView(
        before=changes.before,
        cautions=changes.cautions,
        shown=tuple(row for row in rows if row.verdict != "no change shown"),
        same=tuple(row for row in rows if row.verdict == "no change shown"),
        other=(
            *(("came", "figure", _name(each), amount(each.estimate, each.measure.unit)) for each in changes.came),
            *(("went", "figure", _name(each), amount(each.estimate, each.measure.unit)) for each in changes.went),
            *((event.kind, event.what, event.name, event.text) for event in changes.events),
        ),
    )


def _row(each: Change) -> ChangeRow:
    unit = each.figure.measure.unit
    times = f", {number(each.ratio.value)} times" if each.ratio is not None and each.ratio.value != 1 else ""
    return ChangeRow(
        name=_name(each.figure),
        before=amount(each.before, unit),
        now=amount(each.figure.estimate, unit),
        change=f"{amount(each.difference, unit, signed=True)}{times}",
        verdict=each.verdict,
    )


def _name(figure: Figure) -> str:
    place = place_words(figure.place)
    return f"{place}: {figure.measure.name}" if place else figure.measure.name
