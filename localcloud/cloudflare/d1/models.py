"""The rules of D1's databases; their rows are the Worker host's (`localcloud/cloudflare/host/storage`)."""

import contextlib
import datetime
import re
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcloud.cloudflare.d1.exceptions import (
    DatabaseExistsError,
    DatabaseNotFoundError,
    InvalidRequestError,
    QueryFailedError,
    StorageRestartingError,
)
from localcloud.cloudflare.host import HostUnreachableError, Storage, StorageRefusedError

# developers.cloudflare.com/api/resources/d1/subresources/database/methods/create
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_LOCATIONS = ("wnam", "enam", "weur", "eeur", "apac", "oc")
_JURISDICTIONS = ("eu", "fedramp", "us")
_REPLICATION = ("auto", "disabled")


@dataclass(frozen=True, slots=True)
class Database:
    """A database without its rows; `created_at` is RFC 3339."""

    uuid: str
    name: str
    created_at: str
    jurisdiction: str | None
    read_replication: str


class Databases:
    """The databases of the account. A row is written when the file is there, and deleted before the file is."""

    def __init__(self, database: sqlite3.Connection, storage: Storage, files: Path) -> None:
        """`files` is where the storage keeps one file a database, named by its uuid."""
        self._database = database
        self._storage = storage
        self._files = files

    def all(self, name: str = "") -> list[Database]:
        """Those whose name contains `name`, the newest first."""
        query = "select * from d1_databases where instr(lower(name), lower(?)) > 0 or ? = '' order by created_at desc"
        return [Database(**row) for row in self._database.execute(query, (name, name))]

    def get(self, identity: str) -> Database:
        """Raises DatabaseNotFoundError."""
        row = self._database.execute("select * from d1_databases where uuid = ?", (identity,)).fetchone()
        if row is None:
            raise DatabaseNotFoundError(identity)
        return Database(**row)

    def has(self, identity: str) -> bool:
        return bool(self._database.execute("select 1 from d1_databases where uuid = ?", (identity,)).fetchone())

    async def create(self, name: object, location: object, jurisdiction: object, replication: object) -> Database:
        """Raises InvalidRequestError, DatabaseExistsError, StorageRestartingError."""
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InvalidRequestError(
                "name must be a string of letters, digits, - and _, which starts with a letter or a digit"
            )
        _choice("primary_location_hint", location, _LOCATIONS)
        _choice("jurisdiction", jurisdiction, _JURISDICTIONS)
        mode = _mode(replication) or "disabled"
        if self._database.execute("select 1 from d1_databases where name = ?", (name,)).fetchone():
            raise DatabaseExistsError(name)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        made = Database(str(uuid.uuid4()), name, now, jurisdiction if isinstance(jurisdiction, str) else None, mode)
        await self._call(made.uuid, "create")
        try:
            with self._database:
                self._database.execute(
                    "insert into d1_databases values (?, ?, ?, ?, ?)",
                    (made.uuid, made.name, made.created_at, made.jurisdiction, made.read_replication),
                )
        except sqlite3.IntegrityError:
            # Another request was faster with the name.
            await self._call(made.uuid, "delete")
            raise DatabaseExistsError(name) from None
        return made

    def update(self, identity: str, replication: object) -> Database:
        """Raises DatabaseNotFoundError, InvalidRequestError."""
        self.get(identity)
        mode = _mode(replication)
        if mode:
            with self._database:
                self._database.execute("update d1_databases set read_replication = ? where uuid = ?", (mode, identity))
        return self.get(identity)

    async def delete(self, identity: str) -> None:
        """Raises DatabaseNotFoundError."""
        self.get(identity)
        with self._database:
            self._database.execute("delete from d1_databases where uuid = ?", (identity,))
        # A host that cannot be reached is being restarted; the next `sweep` takes the file away.
        with contextlib.suppress(StorageRestartingError):
            await self._call(identity, "delete")

    async def describe(self, identity: str) -> dict[str, int]:
        """Size in bytes and number of tables. Raises DatabaseNotFoundError, StorageRestartingError."""
        self.get(identity)
        found: dict[str, int] = await self._call(identity, "describe")
        return found

    async def query(self, identity: str, queries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The outcome of each statement: columns, rows and meta. All of them are done, or none.

        Raises DatabaseNotFoundError, QueryFailedError, StorageRestartingError.
        """
        self.get(identity)
        answer = await self._call(identity, "query", {"queries": queries, "every": True})
        outcomes: list[dict[str, Any]] = answer["outcomes"]
        return outcomes

    def sweep(self) -> None:
        """Deletes the files of databases that no row names. To be called before the host starts."""
        for file in self._files.glob("*.sqlite*"):
            if not self.has(file.name.partition(".")[0]):
                file.unlink(missing_ok=True)

    async def _call(self, identity: str, operation: str, argument: object = None) -> Any:
        try:
            return await self._storage.store("d1", identity, operation, argument)
        except HostUnreachableError as error:
            raise StorageRestartingError from error
        except StorageRefusedError as error:
            if error.kind == "missing":
                raise DatabaseNotFoundError(identity) from error
            raise QueryFailedError(error.message, error.status) from error


def _choice(name: str, value: object, valid: Sequence[str]) -> None:
    if value is not None and value not in valid:
        raise InvalidRequestError(f"{name} must be one of {', '.join(valid)}")


def _mode(replication: object) -> str | None:
    if replication is None:
        return None
    mode = replication.get("mode") if isinstance(replication, dict) else None
    if mode not in _REPLICATION:
        raise InvalidRequestError(f"read_replication.mode must be one of {', '.join(_REPLICATION)}")
    return str(mode)
