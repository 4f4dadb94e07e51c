"""The feature matrix: what an application sees differently on each cloud, with the sources that say so."""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

MATRIX = Path(__file__).with_name("matrix.toml")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class MatrixError(ValueError):
    """A row of the matrix is not as it must be."""

    code = "InvalidMatrix"

    def __init__(self, path: Path, row: str, message: str) -> None:
        super().__init__(f"{path.name}, row {row}: {message} [{self.code}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One difference, or the absence of one. `visible`: the same request may get different answers because of it.

    `deployed`: whether stacks have the capability by now; False in a row that is ready before its capability is.
    `checked`: when its sources were last read; None where the row is known but was not verified.
    """

    capability: str
    id: str
    aws: str
    cloudflare: str
    difference: str
    sources: tuple[str, ...]
    visible: bool
    deployed: bool = True
    checked: datetime.date | None = None


def read_matrix(path: Path = MATRIX) -> tuple[Row, ...]:
    """All rows in their order. Raises MatrixError with the row and what is wrong with it."""
    rows: list[Row] = []
    for number, entry in enumerate(tomllib.loads(path.read_text())["row"], 1):
        row = _row(path, str(entry.get("id", number)), entry)
        if any((row.capability, row.id) == (other.capability, other.id) for other in rows):
            raise MatrixError(path, row.id, f"{row.capability} has it twice")
        rows.append(row)
    return tuple(rows)


def _row(path: Path, name: str, entry: dict[str, Any]) -> Row:
    known = [field.name for field in fields(Row)]
    optional = {field.name for field in fields(Row) if field.default is not MISSING}
    if wrong := sorted(set(known) ^ (entry.keys() | optional)):
        raise MatrixError(path, name, f"missing or unknown: {', '.join(wrong)}; a row has {', '.join(known)}")
    if not _ID.fullmatch(entry["id"]):
        raise MatrixError(path, name, "an id is words of small letters and digits, joined by hyphens")
    if not entry["sources"] or not all(source.startswith("https://") for source in entry["sources"]):
        raise MatrixError(path, name, "needs sources, each an https:// address")
    if not all(isinstance(entry.get(name, True), bool) for name in ("visible", "deployed")):
        raise MatrixError(path, name, "visible and deployed are true or false")
    return Row(**{**entry, "sources": tuple(entry["sources"])})
