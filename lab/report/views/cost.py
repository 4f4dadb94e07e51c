"""The section on cost: what each platform's bill is made of, side by side, and where one stops being the cheaper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lab.cost.bill import Bill, BreakEven, Cost
from lab.report.measures import priced_requests
from lab.report.plots.curves import cost_curves
from lab.report.plots.series import Series
from lab.report.views.shown import Key, Plot, Table, keys
from lab.report.words import large, number, one

_SHOWN_POINTS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a capability costs on one platform: `share` of the largest total here, 0 to 100; empty text where it has
    no line there.
    """

    text: str
    share: float
    doubted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CostView:
    """The whole section. `parts` are rows by capability: its name, whether it is deployed, and one Part a
    bill in the bills' order."""

    keys: tuple[Key, ...]
    bills: tuple[Bill, ...]
    totals: tuple[Part, ...]
    parts: tuple[tuple[str, bool, tuple[Part, ...]], ...]
    ends: tuple[tuple[str, str], ...]
    plot: Plot | None
    workload: tuple[tuple[str, str, str], ...]


def cost_view(cost: Cost, looks: Mapping[str, Series]) -> CostView:
    """Draws the curves."""
    platforms = [bill.platform for bill in cost.bills]
    most = max((bill.total for bill in cost.bills), default=0.0)
    capabilities = list(dict.fromkeys(line.capability for bill in cost.bills for line in bill.lines))
    return CostView(
        keys=keys(looks, platforms),
        bills=cost.bills,
        totals=tuple(
            _part(bill.total, most, doubted=any(line.doubt is not None for line in bill.lines)) for bill in cost.bills
        ),
        parts=tuple(
            (name, _is_deployed(cost, name), tuple(_capability(bill, name, most) for bill in cost.bills))
            for name in capabilities
        ),
        ends=tuple((f"{each.below} and {each.above}", each.note or f"{_end(each)}.") for each in cost.break_even),
        plot=_plot(cost, looks),
        workload=tuple((key, _figure(value), cost.origin.get(key, "not said")) for key, value in cost.workload.items()),
    )


def _part(value: float, most: float, *, doubted: bool) -> Part:
    return Part(text=one(value, "USD"), share=100 * value / most if most > 0 else 0, doubted=doubted)


def _capability(bill: Bill, name: str, most: float) -> Part:
    lines = [line for line in bill.lines if line.capability == name]
    if not lines:
        return Part(text="", share=0, doubted=False)
    return _part(sum(line.amount for line in lines), most, doubted=any(line.doubt is not None for line in lines))


def _is_deployed(cost: Cost, name: str) -> bool:
    return any(line.deployed for bill in cost.bills for line in bill.lines if line.capability == name)


def _end(each: BreakEven) -> str:
    if each.requests is None:
        return f"{each.below} and {each.above} do not cross"
    return f"{each.below} is cheaper than {each.above} up to {large(each.requests)} requests a month"


def _figure(value: float | str | bool) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number(value, digits=4)
    return value


def _plot(cost: Cost, looks: Mapping[str, Series]) -> Plot | None:
    curves = [curve for curve in cost.curves if len([x for x, _ in curve.points if x > 0]) > 1]
    if not curves:
        return None
    crossed = [each for each in cost.break_even if each.requests is not None]
    return Plot(
        id="curves",
        title="The bill as the workload grows",
        alternative=f"USD a month over requests a month. {'. '.join(_end(each) for each in crossed) or 'No crossing'}.",
        drawing=cost_curves(curves, crossed, priced_requests(cost), looks, "curves"),
        keys=keys(looks, [curve.platform for curve in curves]),
        table=Table(
            caption="USD a month over requests a month",
            head=("Platform", *(large(x) for x, _ in _thin(curves[0].points))),
            rows=tuple((curve.platform, *(f"{y:,.2f}" for _, y in _thin(curve.points))) for curve in curves),
        ),
        note="Rings are break-even points. All else of the workload grows in proportion.",
    )


def _thin(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    return points[:: max(1, len(points) // _SHOWN_POINTS)]
