"""Lambda's control plane on disk."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Literal, cast

import orjson

Kind = Literal["function", "version", "alias", "policy", "counter"]
Document = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, document BLOB NOT NULL,
    PRIMARY KEY (kind, name, key)
) WITHOUT ROWID
"""


class Store:
    """JSON documents by kind, function name and key. Each call is one transaction; kill -9 loses none."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(_SCHEMA)

    def get(self, kind: Kind, name: str, key: str = "") -> Document | None:
        """One document."""
        query = "SELECT document FROM documents WHERE kind = ? AND name = ? AND key = ?"
        row = self._database.execute(query, (kind, name, key)).fetchone()
        return None if row is None else cast("Document", orjson.loads(row[0]))

    def put(self, kind: Kind, name: str, key: str, document: Document) -> None:
        """Writes a document, new or not."""
        self._database.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)", (kind, name, key, orjson.dumps(document))
        )

    def delete(self, kind: Kind, name: str, key: str = "") -> None:
        """Removes a document."""
        self._database.execute("DELETE FROM documents WHERE kind = ? AND name = ? AND key = ?", (kind, name, key))

    def delete_function(self, name: str) -> None:
        """Removes all of a function."""
        self._database.execute("DELETE FROM documents WHERE name = ?", (name,))

    def all(self, kind: Kind, name: str | None = None) -> list[tuple[str, str, Document]]:
        """(name, key, document), in order."""
        condition, values = ("", (kind,)) if name is None else (" AND name = ?", (kind, name))
        rows = self._database.execute(
            f"SELECT name, key, document FROM documents WHERE kind = ?{condition} ORDER BY name, key",  # noqa: S608
            values,
        )
        return [(row[0], row[1], orjson.loads(row[2])) for row in rows]

    def close(self) -> None:
        """Closes the file."""
        self._database.close()
