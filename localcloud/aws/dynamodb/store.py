"""Tables and items in one SQLite file.

All calls come from the event loop's thread and none waits for the disk: a commit in WAL mode with `synchronous=NORMAL`
is a write into the system's cache, which outlives a killed process. Checkpoints, which do wait, are `maintain`'s, on a
connection of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from localcloud.aws.dynamodb.keys import StoredKey
from localcloud.aws.dynamodb.table import Table, document_of, table_from

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tables (number INTEGER PRIMARY KEY AUTOINCREMENT, document BLOB, dropped INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS items (
    tbl INTEGER NOT NULL, partition BLOB NOT NULL, sort BLOB NOT NULL, size INTEGER NOT NULL, expires INTEGER,
    item BLOB NOT NULL, PRIMARY KEY (tbl, partition, sort)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_by_end ON items (tbl, expires) WHERE expires IS NOT NULL;
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, digest BLOB, at REAL) WITHOUT ROWID;
"""
_HIGHEST = b"\xff" * 3000


@dataclass(frozen=True, slots=True)
class Row:
    """An item as it lies there: canonical JSON, its size by DynamoDB's count, and its key."""

    partition: bytes
    sort: bytes
    item: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which rows, from `low` to `high` as (partition, sort); a bound is itself included unless it says otherwise."""

    low: tuple[bytes, bytes] = (b"", b"")
    high: tuple[bytes, bytes] = (_HIGHEST, b"")
    low_open: bool = False
    high_open: bool = False


class Store:
    """One file. What a method has written survives the process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._path = path
        self._database = _open(path)
        # Autocheckpoints would make some unlucky writer wait for the disk.
        self._database.execute("PRAGMA wal_autocheckpoint=0")
        self._database.executescript(_SCHEMA)
        self.changed = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Nothing may be awaited inside."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def tables(self) -> list[Table]:
        """All tables that were not dropped."""
        rows = self._database.execute("SELECT document FROM tables WHERE dropped = 0 AND document IS NOT NULL")
        return [table_from(orjson.loads(row[0])) for row in rows.fetchall()]

    def new_number(self) -> int:
        """A number for a table; no two tables ever have the same."""
        return int(self._database.execute("INSERT INTO tables DEFAULT VALUES").lastrowid or 0)

    def save(self, table: Table) -> None:
        """Writes what is known of a table."""
        values = (orjson.dumps(document_of(table)), table.number)
        self._database.execute("UPDATE tables SET document = ? WHERE number = ?", values)

    def drop(self, table: Table) -> None:
        """Forgets a table. Its items go bit by bit, with `purge`."""
        self._database.execute("UPDATE tables SET dropped = 1 WHERE number = ?", (table.number,))

    def get(self, table: Table, key: StoredKey) -> Row | None:
        """One item."""
        found = self._database.execute(
            "SELECT item, size FROM items WHERE tbl = ? AND partition = ? AND sort = ?",
            (table.number, key.partition, key.sort),
        ).fetchone()
        return None if found is None else Row(key.partition, key.sort, found[0], found[1])

    def put(self, table: Table, key: StoredKey, item: bytes, size: int, expires: int | None) -> None:
        """Writes an item, new or not."""
        self.changed = True
        self._database.execute(
            "INSERT OR REPLACE INTO items (tbl, partition, sort, item, size, expires) VALUES (?, ?, ?, ?, ?, ?)",
            (table.number, key.partition, key.sort, item, size, expires),
        )

    def delete(self, table: Table, key: StoredKey) -> None:
        """Removes an item."""
        self.changed = True
        self._database.execute(
            "DELETE FROM items WHERE tbl = ? AND partition = ? AND sort = ?", (table.number, key.partition, key.sort)
        )

    def rows(self, table: Table, bounds: Bounds, limit: int, *, forward: bool = True) -> list[Row]:
        """The first rows within bounds, or the last ones, backwards."""
        low, high = (">" if bounds.low_open else ">="), ("<" if bounds.high_open else "<=")
        order = "" if forward else " DESC"
        found = self._database.execute(
            "SELECT partition, sort, item, size FROM items "  # noqa: S608 - operators only
            f"WHERE tbl = ? AND (partition, sort) {low} (?, ?) AND (partition, sort) {high} (?, ?) "
            f"ORDER BY partition{order}, sort{order} LIMIT ?",
            (table.number, *bounds.low, *bounds.high, limit),
        )
        return [Row(*row) for row in found.fetchall()]

    def expired(self, table: Table, since: int, until: int, limit: int) -> list[StoredKey]:
        """Keys of items whose end lies in [since, until)."""
        found = self._database.execute(
            "SELECT partition, sort FROM items WHERE tbl = ? AND expires >= ? AND expires < ? LIMIT ?",
            (table.number, since, until, limit),
        )
        return [StoredKey(*row) for row in found.fetchall()]

    def set_end(self, table: Table, key: StoredKey, expires: int | None) -> None:
        """Notes when an item ends."""
        self._database.execute(
            "UPDATE items SET expires = ? WHERE tbl = ? AND partition = ? AND sort = ?",
            (expires, table.number, key.partition, key.sort),
        )

    def purge(self, limit: int) -> int:
        """Deletes items of dropped tables; how many."""
        found = self._database.execute("SELECT number FROM tables WHERE dropped = 1").fetchall()
        for (number,) in found:
            keys = "SELECT partition, sort FROM items WHERE tbl = ? LIMIT ?"
            rows = self._database.execute(keys, (number, limit)).fetchall()
            if not rows:
                self._database.execute("DELETE FROM tables WHERE number = ?", (number,))
                continue
            with self.transaction():
                self._database.executemany(
                    "DELETE FROM items WHERE tbl = ? AND partition = ? AND sort = ?",
                    [(number, *row) for row in rows],
                )
            return len(rows)
        return 0

    def digest_of(self, token: str, since: float) -> bytes | None:
        """The digest of the transaction that had this token, if that was after `since`."""
        found = self._database.execute("SELECT digest FROM tokens WHERE token = ? AND at >= ?", (token, since))
        row = found.fetchone()
        return None if row is None else bytes(row[0])

    def remember(self, token: str, digest: bytes, at: float) -> None:
        """Keeps a transaction's token."""
        self._database.execute(
            "INSERT OR REPLACE INTO tokens (token, digest, at) VALUES (?, ?, ?)", (token, digest, at)
        )

    def forget(self, before: float) -> None:
        """Drops old tokens."""
        self._database.execute("DELETE FROM tokens WHERE at < ?", (before,))

    def maintain(self) -> dict[int, tuple[int, int]]:
        """Moves what was written into the file itself, and counts: table's number to (items, bytes).

        Waits for the disk: call it in a thread.
        """
        database = _open(self._path)
        try:
            database.execute("PRAGMA wal_checkpoint(PASSIVE)")
            rows = database.execute("SELECT tbl, COUNT(*), SUM(size) FROM items GROUP BY tbl").fetchall()
        finally:
            database.close()
        return {number: (count, size) for number, count, size in rows}

    def close(self) -> None:
        """Closes the file."""
        self._database.close()


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, timeout=5, cached_statements=64)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    return database
