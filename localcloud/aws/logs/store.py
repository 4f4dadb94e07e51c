"""Log events on disk.

Writers append to memory and go on; a thread puts everything into SQLite every tenth of a second, so a killed process
loses at most that much, and an orderly stop nothing. The newest `MAX_EVENTS` events are kept.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FLUSH_SECONDS = 0.1
MAX_EVENTS = 500_000
MAX_COPY_BYTES = 16 * 1024 * 1024
_TRIM_SECONDS = 60.0
_FUNCTIONS = "/aws/lambda/"
_TABLES = """
CREATE TABLE IF NOT EXISTS groups (name TEXT PRIMARY KEY, created INTEGER, retention INTEGER,
  class TEXT, kms TEXT, tags TEXT);
CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, grp TEXT, name TEXT, created INTEGER, UNIQUE (grp, name));
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, stream INTEGER, at INTEGER, ingested INTEGER, message TEXT);
CREATE INDEX IF NOT EXISTS events_by_stream ON events (stream, at);
"""


class LogStore:
    """Implements LogSink. Methods but `write` and `has_group` may wait for the disk."""

    def __init__(self, path: Path, functions_log: Path | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _TABLES)
        self._functions_log = functions_log
        self._lock = threading.RLock()
        self._pending: deque[tuple[str, str, Sequence[tuple[int, str]]]] = deque()
        self._groups = {row["name"] for row in self._database.execute("SELECT name FROM groups")}
        self._streams: dict[tuple[str, str], int] = {}
        self._closing = threading.Event()
        self._trimmed = 0.0
        self._thread = threading.Thread(target=self._run, name="logs", daemon=True)
        self._thread.start()

    def write(self, group: str, stream: str, lines: Sequence[tuple[int, str]]) -> None:
        """Takes lines; never blocks."""
        self._pending.append((group, stream, lines))

    def has_group(self, group: str) -> bool:
        """Whether the group exists."""
        return group in self._groups

    def close(self) -> None:
        """Writes what is pending and closes."""
        self._closing.set()
        self._thread.join()
        self.flush()
        self._database.close()

    def flush(self) -> None:
        """Puts all pending lines on the disk."""
        with self._lock:
            if not self._pending:
                return
            batch = [self._pending.popleft() for _ in range(len(self._pending))]
            now = _now()
            rows, copies = [], []
            self._database.execute("BEGIN")
            for group, stream, lines in batch:
                number = self._stream(group, stream, now)
                rows += [(number, at, now, message) for at, message in lines]
                if group.startswith(_FUNCTIONS):
                    copies += [f"{_stamp(at)} {group[len(_FUNCTIONS) :]} {text.rstrip()}\n" for at, text in lines]
            self._database.executemany("INSERT INTO events (stream, at, ingested, message) VALUES (?, ?, ?, ?)", rows)
            self._database.execute("COMMIT")
            self._copy(copies)

    def query(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        """Rows of a statement, after all that was written before."""
        with self._lock:
            self.flush()
            return self._database.execute(statement, values).fetchall()

    def create_group(self, name: str, log_class: str, kms: str | None, tags: str) -> None:
        """Makes a group."""
        with self._lock:
            statement = "INSERT INTO groups (name, created, class, kms, tags) VALUES (?, ?, ?, ?, ?)"
            self._database.execute(statement, (name, _now(), log_class, kms, tags))
            self._groups.add(name)

    def create_stream(self, group: str, name: str) -> None:
        """Makes a stream."""
        with self._lock:
            self._stream(group, name, _now())

    def delete_group(self, name: str) -> None:
        """Removes a group with all its events."""
        with self._lock:
            for row in self.query("SELECT name FROM streams WHERE grp = ?", name):
                self.delete_stream(name, row["name"])
            self._database.execute("DELETE FROM groups WHERE name = ?", (name,))
            self._groups.discard(name)

    def delete_stream(self, group: str, name: str) -> None:
        """Removes a stream with its events."""
        with self._lock:
            self.flush()
            found = "(SELECT id FROM streams WHERE grp = ? AND name = ?)"
            self._database.execute(f"DELETE FROM events WHERE stream IN {found}", (group, name))  # noqa: S608
            self._database.execute("DELETE FROM streams WHERE grp = ? AND name = ?", (group, name))
            self._streams.pop((group, name), None)

    def trim(self) -> None:
        """Drops what is past its group's retention, and the oldest events beyond the bound."""
        with self._lock:
            self._database.execute(
                "DELETE FROM events WHERE id IN (SELECT events.id FROM events JOIN streams ON streams.id = stream "
                "JOIN groups ON groups.name = grp WHERE retention IS NOT NULL AND at < ? - retention * 86400000)",
                (_now(),),
            )
            self._database.execute(
                "DELETE FROM events WHERE id <= (SELECT COALESCE(MAX(id), 0) FROM events) - ?", (MAX_EVENTS,)
            )

    def _run(self) -> None:
        while not self._closing.wait(FLUSH_SECONDS):
            self.flush()
            if time.monotonic() - self._trimmed > _TRIM_SECONDS:
                self._trimmed = time.monotonic()
                self.trim()

    def _stream(self, group: str, name: str, now: int) -> int:
        number = self._streams.get((group, name))
        if number is None:
            if group not in self._groups:
                self._groups.add(group)
                statement = "INSERT OR IGNORE INTO groups (name, created, class, tags) VALUES (?, ?, 'STANDARD', '{}')"
                self._database.execute(statement, (group, now))
            values = (group, name, now)
            self._database.execute("INSERT OR IGNORE INTO streams (grp, name, created) VALUES (?, ?, ?)", values)
            row = self._database.execute("SELECT id FROM streams WHERE grp = ? AND name = ?", (group, name)).fetchone()
            number = self._streams[group, name] = int(row["id"])
        return number

    def _copy(self, lines: list[str]) -> None:
        if self._functions_log is None or not lines:
            return
        with contextlib.suppress(FileNotFoundError):
            if self._functions_log.stat().st_size > MAX_COPY_BYTES:
                self._functions_log.replace(self._functions_log.with_suffix(".log.1"))
        self._functions_log.parent.mkdir(parents=True, exist_ok=True)
        with self._functions_log.open("a", encoding="utf-8") as file:
            file.writelines(lines)


def _now() -> int:
    return int(time.time() * 1000)


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
