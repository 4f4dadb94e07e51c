"""Secrets on disk: what may be shown as a document, values only sealed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

Document = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS secrets (arn TEXT PRIMARY KEY, region TEXT NOT NULL, name TEXT NOT NULL,
  document BLOB NOT NULL, UNIQUE (region, name));
CREATE TABLE IF NOT EXISTS versions (arn TEXT NOT NULL, id TEXT NOT NULL, stages BLOB NOT NULL, created REAL NOT NULL,
  kind TEXT NOT NULL, sealed BLOB NOT NULL, key BLOB NOT NULL, PRIMARY KEY (arn, id));
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A value: `sealed` under a data key, that data key encrypted as `key`. `kind`: which member shows it."""

    id: str
    stages: tuple[str, ...]
    created: float
    kind: Literal["SecretString", "SecretBinary"]
    sealed: bytes
    key: bytes


class Store:
    """Each call, or each `transaction`, is one transaction; kill -9 loses none."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _TABLES)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._database.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def by_name(self, region: str, name: str) -> Document | None:
        """The secret of a name."""
        return self._one("region = ? AND name = ?", region, name)

    def by_arn(self, arn: str) -> Document | None:
        """The secret of an ARN."""
        return self._one("arn = ?", arn)

    def all(self, region: str) -> list[Document]:
        """All secrets of a region, by name."""
        rows = self._database.execute("SELECT document FROM secrets WHERE region = ? ORDER BY name", (region,))
        return [orjson.loads(row[0]) for row in rows.fetchall()]

    def put(self, document: Document) -> None:
        """A new or changed secret."""
        values = (document["arn"], document["region"], document["name"], orjson.dumps(document))
        self._database.execute("INSERT OR REPLACE INTO secrets VALUES (?, ?, ?, ?)", values)

    def remove(self, arn: str) -> None:
        """Removes a secret with all its versions."""
        with self.transaction():
            self._database.execute("DELETE FROM versions WHERE arn = ?", (arn,))
            self._database.execute("DELETE FROM secrets WHERE arn = ?", (arn,))

    def versions(self, arn: str) -> list[Version]:
        """All versions, the oldest first."""
        rows = self._database.execute(
            "SELECT id, stages, created, kind, sealed, key FROM versions WHERE arn = ? ORDER BY created, rowid", (arn,)
        )
        return [Version(row[0], tuple(orjson.loads(row[1])), *row[2:]) for row in rows.fetchall()]

    def put_version(self, arn: str, version: Version) -> None:
        """A new or changed version."""
        values = (
            arn, version.id, orjson.dumps(version.stages), version.created, version.kind, version.sealed, version.key,
        )  # fmt: skip
        statement = "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        self._database.execute(
            statement + "stages = excluded.stages, sealed = excluded.sealed, key = excluded.key", values
        )

    def remove_version(self, arn: str, version_id: str) -> None:
        """Removes a version."""
        self._database.execute("DELETE FROM versions WHERE arn = ? AND id = ?", (arn, version_id))

    def _one(self, condition: str, *values: str) -> Document | None:
        statement = f"SELECT document FROM secrets WHERE {condition}"  # noqa: S608 - our own text
        row = self._database.execute(statement, values).fetchone()
        return None if row is None else dict(orjson.loads(row[0]))
