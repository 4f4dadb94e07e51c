"""What became of requests to Workers, as rows: one for all that a version did in one second with one status."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Second:
    """`second` counts from 1970; `cpu` and `wall` are microseconds, `bytes` of answers' bodies, one for each request.
    `background` is CPU time after answers, which is no request's.
    """

    second: int
    script: str
    version: str
    status: str
    cpu: tuple[int, ...]
    wall: tuple[int, ...]
    bytes: tuple[int, ...]
    background: int
    subrequests: int


class InvocationTable:
    """Reads and writes; every write is one transaction."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, told: Iterable[Mapping[str, Any]]) -> None:
        """Seconds as the Worker host tells them."""
        rows = [
            (one["second"], one["script"], one["version"], one["status"], _text(one), one["background"],
             one["subrequests"])
            for one in told
        ]  # fmt: skip
        if rows:
            with self._database:
                self._database.executemany("insert into invocations values (?, ?, ?, ?, ?, ?, ?)", rows)

    def between(self, first: int, last: int) -> list[Second]:
        """Those of the seconds from `first` to `last`, in their order."""
        query = "select * from invocations where second between ? and ? order by second"
        return [_second(row) for row in self._database.execute(query, (first, last))]

    def forget_before(self, second: int) -> None:
        """Deletes older ones."""
        with self._database:
            self._database.execute("delete from invocations where second < ?", (second,))


def _text(told: Mapping[str, Any]) -> str:
    return json.dumps([told["cpu"], told["wall"], told["bytes"]], separators=(",", ":"))


def _second(row: sqlite3.Row) -> Second:
    cpu, wall, sizes = (tuple(values) for values in json.loads(row["figures"]))
    return Second(
        row["second"], row["script"], row["version"], row["status"], cpu, wall, sizes, row["background"],
        row["subrequests"],
    )  # fmt: skip
