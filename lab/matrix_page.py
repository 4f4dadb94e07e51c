"""The feature matrix as a page of Markdown: a table for each capability, each row with its sources."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from lab.matrix import Row

_HEAD = """# Limits and features

What the two clouds do differently, capability by capability, as far as an application can see it. A row whose sources
were read again has the day beside them; one without a day is known, not verified. **Visible** rows are those in which
the same request gets a different answer.

Made from `lab/matrix.toml` by `python -m lab matrix`.
"""
_COLUMNS = "| | AWS | Cloudflare | What it means | Sources |\n|---|---|---|---|---|\n"
_COMING = "No stack has this capability yet; its rows stand ready.\n\n"


def page(rows: Iterable[Row]) -> str:
    """The whole page, with a line end."""
    parts = [_HEAD]
    for capability, found in groupby(rows, key=lambda row: row.capability):
        together = list(found)
        coming = "" if all(row.deployed for row in together) else _COMING
        parts.append(f"\n## {capability}\n\n{coming}{_COLUMNS}" + "".join(_line(row) for row in together))
    return "".join(parts)


def _line(row: Row) -> str:
    name = row.id.replace("-", " ") + (" (**visible**)" if row.visible else "")
    links = " ".join(f"[{number}]({source})" for number, source in enumerate(row.sources, 1))
    checked = f", {row.checked}" if row.checked else ""
    cells = (name, row.aws, row.cloudflare, row.difference, links + checked)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
