"""The report as one page that needs nothing else."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from lab.report.changes import Changes
from lab.report.model import Report
from lab.report.summary import summary


def page(report: Report, changes: Changes | None = None) -> str:
    """HTML. Whatever stands in the report is text in it, never markup."""
    return _environment().get_template("page.html.j2").render(**_context(report, changes))


def _context(report: Report, changes: Changes | None) -> dict[str, Any]:
    return {"report": report, "changes": changes, "summary": summary(report)}


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("lab.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
