"""Migrations of a D1 database: files of SQL, each applied once, in the order of their names.

As `wrangler d1 migrations apply` does it, in the same table, so that either can go on where the other stopped:
each file goes with its own line in that table as one batch, which D1 carries out whole or not at all.
https://developers.cloudflare.com/d1/reference/migrations/
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from components.cloudflare.api import Api
from components.errors import ArgumentError, SourceMissingError

TABLE: Final = "d1_migrations"
_MAKE_TABLE: Final = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, "
    "applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)"
)
_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name, and what it holds."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Migrations:
    """All files, in order."""

    files: tuple[Migration, ...]

    @classmethod
    def read(cls, folder: Path) -> Migrations:
        """The `.sql` files of a folder. Raises SourceMissingError, ArgumentError."""
        files = sorted(folder.glob("*.sql"))
        if not files:
            raise SourceMissingError("state", str(folder), "there is no migration, NNNN_name.sql")
        for file in files:
            if not _NAME.fullmatch(file.name):
                message = f"has {file.name}; a name is four digits, _, small letters, .sql, such as 0001_items.sql"
                raise ArgumentError("State", "migrations", message)
        return cls(tuple(Migration(file.name, file.read_text()) for file in files))

    @property
    def version(self) -> str:
        """The last file's name and a hash of all: another one where anything changed."""
        digest = hashlib.sha256(repr(self.files).encode()).hexdigest()[:12]
        return f"{self.files[-1].name} {digest}"

    def apply(self, api: Api, account_id: str, database_id: str) -> None:
        """Applies what is not applied yet. Raises ApiError; what was applied by then stays, and is not met again."""
        path = f"/accounts/{account_id}/d1/database/{database_id}/query"
        api.post(path, {"sql": _MAKE_TABLE})
        (answer,) = api.post(path, {"sql": f"SELECT name FROM {TABLE}"})  # noqa: S608  # a constant
        applied = {row["name"] for row in answer["results"]}
        for file in self.files:
            if file.name not in applied:
                # No parameters: the names are ours, checked above, and with parameters D1 takes one statement only.
                line = f"INSERT INTO {TABLE} (name) VALUES ('{file.name}');"  # noqa: S608
                api.post(path, {"sql": f"{file.sql.rstrip().rstrip(';')};\n{line}"})
