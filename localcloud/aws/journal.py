"""The accepted mutating calls of the emulator, kept on disk so that its state can be rebuilt."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson


@dataclass(frozen=True, slots=True)
class Entry:
    """One call: its moment (epoch seconds), the seed of its random values, and the request without its signature."""

    moment: float
    seed: int
    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Journal:
    """An append-only table. `append` returns when the entry survives a killed process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        columns = "number INTEGER PRIMARY KEY, moment REAL, seed INTEGER, method, path, query, headers, body BLOB"
        self._database.execute(f"CREATE TABLE IF NOT EXISTS calls ({columns})")

    def append(self, entry: Entry) -> None:
        """Keeps a call."""
        row = (entry.moment, entry.seed, entry.method, entry.path, entry.query, orjson.dumps(entry.headers), entry.body)
        with self._lock:
            self._database.execute(
                "INSERT INTO calls (moment, seed, method, path, query, headers, body) VALUES (?, ?, ?, ?, ?, ?, ?)", row
            )

    def drop(self, service: str) -> None:
        """Removes the calls of a service, and what they said from the disk."""
        with self._lock:
            self._database.execute("PRAGMA secure_delete=ON")
            scope = f"%/{service}/aws4_request%"
            if self._database.execute("DELETE FROM calls WHERE CAST(headers AS TEXT) LIKE ?", (scope,)).rowcount:
                self._database.execute("VACUUM")
                self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def entries(self) -> Iterator[Entry]:
        """All calls in order."""
        rows = self._database.execute(
            "SELECT moment, seed, method, path, query, headers, body FROM calls ORDER BY number"
        )
        for moment, seed, method, path, query, headers, body in rows.fetchall():
            pairs = tuple((name, value) for name, value in orjson.loads(headers))
            yield Entry(moment, seed, method, path, query, pairs, body)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._database.close()
