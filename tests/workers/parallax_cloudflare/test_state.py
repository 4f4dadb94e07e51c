"""The D1 adapter over SQLite itself, which D1 is: its statements run, each alone, under the migrations' own schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parallax_cloudflare.errors import ServiceError
from parallax_cloudflare.javascript import JsException
from parallax_cloudflare.state import CLEAN_EVERY, D1State, StoredItem, _end_of

from app.ports import State

pytestmark = pytest.mark.anyio
MIGRATIONS = Path(__file__).parents[3] / "workers" / "migrations"
NOW = 1000


@dataclass(frozen=True)
class When:
    kind: Literal["any", "absent", "present", "versions"]
    versions: Sequence[str] = ()


ANY, ABSENT, PRESENT = When("any"), When("absent"), When("present")


class Statement:
    """A prepared statement as the SDK hands it over."""

    def __init__(self, database: sqlite3.Connection, words: str, parameters: Sequence[Any] = ()) -> None:
        self.database, self.words, self.parameters = database, words, parameters

    def bind(self, *parameters: Any) -> Statement:
        return Statement(self.database, self.words, parameters)

    async def all(self) -> dict[str, Any]:
        try:
            with self.database:
                rows = self.database.execute(self.words, self.parameters).fetchall()
        except sqlite3.Error as error:
            raise JsException(f"D1_ERROR: {error}: SQLITE_ERROR") from error
        return {"results": [dict(row) for row in rows], "success": True, "meta": {}}


class Database:
    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        for file in sorted(MIGRATIONS.glob("*.sql")):
            self.connection.executescript(file.read_text())
        self.prepared: list[str] = []

    def prepare(self, words: str) -> Statement:
        self.prepared.append(words)
        return Statement(self.connection, words)

    def count(self) -> int:
        (number,) = self.connection.execute("SELECT count(*) FROM items").fetchone()
        return int(number)


@pytest.fixture
def database() -> Any:
    database = Database()
    yield database
    database.connection.close()


@pytest.fixture
def state(database: Database) -> State:
    return D1State(database)


async def put(state: State, key: str, version: str, when: When = ANY, expires_at: int | None = None) -> bool:
    return await state.put("items", key, key, version=version, condition=when, now=NOW, expires_at=expires_at)


async def test_what_is_written_is_read(state: State) -> None:
    assert await state.get("items", "a", now=NOW) is None
    assert await put(state, "a", "v1", expires_at=NOW + 1)
    assert await state.get("items", "a", now=NOW) == StoredItem(key="a", value="a", version="v1", expires_at=NOW + 1)
    assert await state.get("items", "a", now=NOW + 1) is None
    assert await state.get("other", "a", now=NOW) is None


@pytest.mark.parametrize("there", ["nothing", "expired", "alive"])
async def test_a_condition_decides(database: Database, state: State, there: str) -> None:
    async def reset() -> None:
        await state.delete("items", "a", condition=ANY, now=NOW)
        if there != "nothing":
            assert await put(state, "a", "old", expires_at=NOW if there == "expired" else None)

    alive = there == "alive"
    cases = [
        (ANY, True),
        (ABSENT, not alive),
        (PRESENT, alive),
        (When("versions", ("x", "old")), alive),
        (When("versions", ("x",)), False),
        (When("versions"), False),
    ]
    for when, holds in cases:
        await reset()
        prepared = len(database.prepared)
        assert await put(state, "a", "new", when) is holds
        assert len(database.prepared) == prepared + 1, "one statement"
        found = await state.get("items", "a", now=NOW)
        assert (found and found.version) == ("new" if holds else "old" if alive else None)
        await reset()
        assert await state.delete("items", "a", condition=when, now=NOW) is holds
        gone = holds and when is not ABSENT
        assert ((await state.get("items", "a", now=NOW)) is not None) is (alive and not gone)


async def test_more_versions_than_a_statement_has_parameters(state: State) -> None:
    await put(state, "a", "v")
    assert await put(state, "a", "w", When("versions", [*map(str, range(500)), "v"]))


async def test_a_list_is_ordered_by_bytes(state: State) -> None:
    keys = ["a", "a/", "a/b", "a/é", "a/\uffff", "a/\U0001f600", "b", "B"]
    for key in keys:
        await put(state, key, "v")
    await put(state, "a/gone", "v", expires_at=NOW)
    found = await state.list("items", prefix="a/", limit=10, after=None, now=NOW)
    assert [item.key for item in found] == ["a/", "a/b", "a/é", "a/\uffff", "a/\U0001f600"]
    page = await state.list("items", prefix="a/", limit=2, after="a/b", now=NOW)
    assert [item.key for item in page] == ["a/é", "a/\uffff"]
    every = await state.list("items", prefix="", limit=100, after=None, now=NOW)
    assert [item.key for item in every] == sorted(keys, key=str.encode)
    assert await state.list("items", prefix="a", limit=5, after="b", now=NOW) == ()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_range_is_a_prefix(prefix: str, key: str) -> None:
    end = _end_of(prefix)
    inside = prefix.encode() <= key.encode() and (end is None or key.encode() < end.encode())
    assert inside == key.startswith(prefix)
    whole = (prefix + key).encode()
    assert prefix.encode() <= whole
    assert end is None or whole < end.encode()


async def test_what_has_expired_is_taken_away_by_later_writes(database: Database, state: State) -> None:
    for number in range(50):
        await put(state, f"old{number}", "v", expires_at=NOW)
    for number in range(CLEAN_EVERY * 8):
        await put(state, f"new{number}", f"version {number}", expires_at=NOW + 1)
    assert database.count() == CLEAN_EVERY * 8
    (plan,) = [
        row["detail"]
        for row in database.connection.execute("EXPLAIN QUERY PLAN SELECT key FROM items WHERE expires_at <= 1")
    ]
    assert "items_expires_at" in plan


async def test_no_error_of_javascript_passes(database: Database, state: State) -> None:
    database.connection.execute("DROP TABLE items")
    with pytest.raises(ServiceError, match="D1: D1_ERROR: no such table: items"):
        await state.get("items", "a", now=NOW)
