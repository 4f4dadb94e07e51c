"""The report as one page that needs nothing else: no file, no network, and no script to be read."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from lab.report.changes import Changes
from lab.report.model import Report
from lab.report.plots.drawing import with_classes
from lab.report.plots.series import series
from lab.report.summary import summary
from lab.report.views.changes import changes_view
from lab.report.views.cost import CostView, cost_view
from lab.report.views.latency import LatencyView, latency_view
from lab.report.views.limits import LimitsView, limits_view
from lab.report.views.lockin import cloud_views
from lab.report.views.shown import Plot, keys
from lab.report.words import number, one, times

_UNIT: Final = re.compile(r"(\d) (%|ms|USD|million)(?!\w)")


def page(report: Report, changes: Changes | None = None) -> str:
    """HTML. Whatever stands in the report is text in it, never markup."""
    context = _context(report, changes)
    drawings, rules = _drawings(_plots(context["latency"], context["limits"], context["cost"]))
    style, script = _asset("page.css") + rules, _asset("page.js")
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            **context,
            drawings=drawings,
            style=Markup(style),  # noqa: S704 - our own file, and styles of our own plots
            script=Markup(script),  # noqa: S704 - our own file
            policy=_policy(style, script),
        )
    )


def _context(report: Report, changes: Changes | None) -> dict[str, Any]:
    looks = series(_names(report))
    targets = [target.name for target in report.latency.targets] if report.latency else []
    return {
        "report": report,
        "summary": summary(report, changes),
        "changes": changes_view(changes) if changes is not None else None,
        "targets": keys(looks, targets, report.latency),
        "looks": {key.name: key for key in keys(looks, list(looks), report.latency)},
        "latency": latency_view(report.latency, looks) if report.latency else None,
        "limits": limits_view(report.latency, looks) if report.latency else None,
        "cost": cost_view(report.cost, looks) if report.cost else None,
        "clouds": cloud_views(report.lockin) if report.lockin else (),
    }


def _names(report: Report) -> list[str]:
    """Everything that has looks, each once: what is called alike looks alike in every section."""
    names = [target.name for target in report.latency.targets] if report.latency else []
    if report.cost:
        names += [bill.platform for bill in report.cost.bills] + [curve.platform for curve in report.cost.curves]
    if report.lockin:
        names += [cloud.name for cloud in report.lockin.clouds]
    return list(dict.fromkeys(names))


def _plots(latency: LatencyView | None, limits: LimitsView | None, cost: CostView | None) -> Iterator[Plot]:
    if latency is not None:
        yield from latency.overviews
        for endpoint in latency.endpoints:
            for load in endpoint.loads:
                yield from load.plots
    if limits is not None:
        yield from limits.throughput
        yield from filter(None, (limits.cold_plot,))
    if cost is not None and cost.plot is not None:
        yield cost.plot


def _drawings(plots: Iterable[Plot]) -> tuple[Mapping[str, Markup], str]:
    """By the plots' ids, and the style rules that they need."""
    shown = list(plots)
    drawn, rules = with_classes(plot.drawing for plot in shown)
    # Made by matplotlib, which escapes the text in it.
    return {plot.id: Markup(each) for plot, each in zip(shown, drawn, strict=True)}, rules  # noqa: S704


def _policy(style: str, script: str) -> str:
    """Nothing is loaded from anywhere; only the page's own style sheet and script count."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _asset(name: str) -> str:
    return files("lab.report").joinpath("templates", name).read_text(encoding="utf-8")


def _tied(value: object) -> object:
    """A figure and its unit stay on one line."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNIT.sub("\\1\N{NO-BREAK SPACE}\\2", value)
    return value


def _code(text: str) -> Markup:
    """What stands between backticks as code, all of it escaped."""
    parts = escape(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 and index < len(parts) - 1 else part
        for index, part in enumerate(parts)
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("lab.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_tied,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({"number": number, "one": one, "times": times, "code": _code})
    return environment
