"""The rules of KV's namespaces; their values are the Worker host's (`localcloud/cloudflare/host/storage`)."""

import base64
import contextlib
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcloud.cloudflare.host import HostUnreachableError, Storage, StorageRefusedError
from localcloud.cloudflare.kv.exceptions import (
    InvalidTitleError,
    KeyNotFoundError,
    NamespaceExistsError,
    NamespaceNotFoundError,
    StorageRestartingError,
    ValueRefusedError,
)

_TITLE_BYTES = 512


@dataclass(frozen=True, slots=True)
class Namespace:
    id: str
    title: str
    jurisdiction: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be stored. `metadata` is JSON text; `expiration` is in seconds of the epoch, `ttl` from now."""

    key: str
    value: bytes
    metadata: str | None = None
    expiration: int | None = None
    ttl: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A stored value."""

    value: bytes
    metadata: str | None
    expiration: int | None


class Namespaces:
    """The namespaces of the account. A row is written when the file is there, and deleted before the file is."""

    def __init__(self, database: sqlite3.Connection, storage: Storage, files: Path) -> None:
        """`files` is where the storage keeps one file a namespace, named by its id."""
        self._database = database
        self._storage = storage
        self._files = files

    def all(self, order: str = "id", direction: str = "asc") -> list[Namespace]:
        rows = self._database.execute("select * from kv_namespaces").fetchall()
        found = [Namespace(**row) for row in rows]
        key = "title" if order == "title" else "id"
        return sorted(found, key=lambda namespace: str(getattr(namespace, key)), reverse=direction == "desc")

    def get(self, identity: str, what: str = "get namespace") -> Namespace:
        """Raises NamespaceNotFoundError."""
        row = self._database.execute("select * from kv_namespaces where id = ?", (identity,)).fetchone()
        if row is None:
            raise NamespaceNotFoundError(what)
        return Namespace(**row)

    def has(self, identity: str) -> bool:
        return bool(self._database.execute("select 1 from kv_namespaces where id = ?", (identity,)).fetchone())

    async def create(self, title: object, jurisdiction: object) -> Namespace:
        """Raises InvalidTitleError, NamespaceExistsError, StorageRestartingError."""
        made = Namespace(uuid.uuid4().hex, _title(title), jurisdiction if isinstance(jurisdiction, str) else None)
        if self._database.execute("select 1 from kv_namespaces where title = ?", (made.title,)).fetchone():
            raise NamespaceExistsError
        await self._call("create namespace", made.id, "create")
        try:
            with self._database:
                self._database.execute(
                    "insert into kv_namespaces values (?, ?, ?)", (made.id, made.title, made.jurisdiction)
                )
        except sqlite3.IntegrityError:
            # Another request was faster with the title.
            await self._call("create namespace", made.id, "delete")
            raise NamespaceExistsError from None
        return made

    def rename(self, identity: str, title: object) -> Namespace:
        """Raises NamespaceNotFoundError, InvalidTitleError, NamespaceExistsError."""
        self.get(identity, "rename namespace")
        try:
            with self._database:
                self._database.execute("update kv_namespaces set title = ? where id = ?", (_title(title), identity))
        except sqlite3.IntegrityError:
            raise NamespaceExistsError from None
        return self.get(identity)

    async def delete(self, identity: str) -> None:
        """Raises NamespaceNotFoundError."""
        self.get(identity, "remove namespace")
        with self._database:
            self._database.execute("delete from kv_namespaces where id = ?", (identity,))
        # A host that cannot be reached is being restarted; the next `sweep` takes the file away.
        with contextlib.suppress(StorageRestartingError):
            await self._call("remove namespace", identity, "delete")

    async def read(self, identity: str, key: str, what: str = "get") -> Found:
        """Raises NamespaceNotFoundError, KeyNotFoundError."""
        [found] = await self.read_all(identity, [key], what)
        if found is None:
            raise KeyNotFoundError
        return found

    async def read_all(self, identity: str, keys: Sequence[str], what: str = "bulk get") -> list[Found | None]:
        """In the order of `keys`; None for one that is not there."""
        self.get(identity, what)
        entries = await self._call(what, identity, "get", {"keys": keys})
        return [entry and Found(_bytes(entry["value"]), entry["metadata"], entry["expiration"]) for entry in entries]

    async def write(self, identity: str, entries: Sequence[Entry], what: str = "put") -> None:
        """All or none. Raises NamespaceNotFoundError, ValueRefusedError."""
        self.get(identity, what)
        written = [
            {
                "key": entry.key,
                "value": {"$bytes": base64.b64encode(entry.value).decode()},
                "metadata": entry.metadata,
                "expiration": entry.expiration,
                "ttl": entry.ttl,
            }
            for entry in entries
        ]
        await self._call(what, identity, "put", {"entries": written})

    async def remove(self, identity: str, keys: Sequence[str], what: str = "remove key") -> None:
        """Those that are not there are no error. Raises NamespaceNotFoundError."""
        self.get(identity, what)
        await self._call(what, identity, "remove", {"keys": keys})

    async def list_keys(self, identity: str, prefix: str, limit: int | None, cursor: str) -> dict[str, Any]:
        """`keys` (name, metadata, expiration) and `cursor`, None at the end. Raises NamespaceNotFoundError."""
        self.get(identity, "list keys")
        argument = {"prefix": prefix, "limit": limit, "cursor": cursor}
        found: dict[str, Any] = await self._call("list keys", identity, "list", argument)
        return found

    def sweep(self) -> None:
        """Deletes the files of namespaces that no row names. To be called before the host starts."""
        for file in self._files.glob("*.sqlite*"):
            if not self.has(file.name.partition(".")[0]):
                file.unlink(missing_ok=True)

    async def _call(self, what: str, identity: str, operation: str, argument: object = None) -> Any:
        try:
            return await self._storage.store("kv", identity, operation, argument)
        except HostUnreachableError as error:
            raise StorageRestartingError from error
        except StorageRefusedError as error:
            if error.kind == "missing":
                raise NamespaceNotFoundError(what) from error
            if error.kind == "invalid":
                raise ValueRefusedError(what, error.message, error.status) from error
            raise StorageRestartingError from error


def _title(title: object) -> str:
    if not isinstance(title, str) or not 1 <= len(title.encode(errors="replace")) <= _TITLE_BYTES:
        raise InvalidTitleError
    return title


def _bytes(value: dict[str, str]) -> bytes:
    return base64.b64decode(value["$bytes"])
