"""The State port on Cloudflare: one table of a D1 database, as workers/migrations/ makes it.

D1 runs each statement by itself and whole, on the one primary (no read replication): a condition that is part of the
statement that writes cannot be overtaken. Every value is a parameter of a prepared statement. SQLite compares text by
its UTF-8 bytes. Sources: Cloudflare's documentation, "D1 Database" and "Global read replication"; SQLite's, "UPSERT",
"RETURNING" and "Datatypes", section 7.
"""

import json
import logging
from binascii import crc32
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from parallax_cloudflare.errors import ServiceError
from parallax_cloudflare.javascript import JsException

SERVICE = "D1"
# D1 has no time to live. One in so many writes that have one takes away more rows than were written since, if over.
CLEAN_EVERY: Final = 16

_ITEM = "collection = ? AND key = ?"
_LIVE = "(expires_at IS NULL OR expires_at > ?)"
# Any number of versions is one parameter: D1 takes a hundred of them in a statement.
_VERSION = "version IN (SELECT value FROM json_each(?))"
_INSERT = (
    "INSERT INTO items (value, version, expires_at, collection, key) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (collection, key) DO UPDATE SET "
    "value = excluded.value, version = excluded.version, expires_at = excluded.expires_at"
)
_UPDATE = f"UPDATE items SET value = ?, version = ?, expires_at = ? WHERE {_ITEM}"  # noqa: S608  # our own words
_DELETE = f"DELETE FROM items WHERE {_ITEM}"  # noqa: S608  # as above
_LIST = "SELECT key, version, expires_at FROM items"
_CLEAN = (
    "DELETE FROM items WHERE (collection, key) IN (SELECT collection, key FROM items WHERE expires_at <= ? LIMIT 128)"
)

logger = logging.getLogger(__name__)


class Condition(Protocol):
    """What must hold for a write; `app.ports.Condition` by its shape."""

    @property
    def kind(self) -> Literal["any", "absent", "present", "versions"]: ...
    @property
    def versions(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem:
    """What a list says of an item; ``expires_at`` in seconds of the epoch."""

    key: str
    version: str
    expires_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem(ListedItem):
    """A stored value."""

    value: str


class D1State:
    """Items of one database, for one request.

    :param database: the binding, as the SDK hands it over: arguments and answers are Python's.
    """

    def __init__(self, database: Any) -> None:
        self._database = database

    async def get(self, collection: str, key: str, *, now: int) -> StoredItem | None:
        """The item, or None where there is none or its time is over."""
        words = f"SELECT key, version, expires_at, value FROM items WHERE {_ITEM} AND {_LIVE}"  # noqa: S608  # as above
        rows = await self._rows(words, collection, key, now)
        return StoredItem(**_head(rows[0]), value=rows[0]["value"]) if rows else None

    async def put(
        self,
        collection: str,
        key: str,
        value: str,
        *,
        version: str,
        condition: Condition,
        now: int,
        expires_at: int | None = None,
    ) -> bool:
        """Writes and says so, or says False where the condition does not hold."""
        words, parameters = _held(condition, now)
        if condition.kind == "any":
            statement = _INSERT
        elif condition.kind == "absent":
            statement = f"{_INSERT} WHERE NOT {words}"
        else:
            statement = f"{_UPDATE} AND {words}"
        values = (value, version, expires_at, collection, key, *parameters)
        written = bool(await self._rows(f"{statement} RETURNING version", *values))
        if written and expires_at is not None and crc32(version.encode()) % CLEAN_EVERY == 0:
            await self._clean(now)
        return written

    async def delete(self, collection: str, key: str, *, condition: Condition, now: int) -> bool:
        """Takes the item away, or says False where the condition does not hold."""
        words, parameters = _held(condition, now)
        if condition.kind == "any":
            await self._rows(_DELETE, collection, key)
            return True
        if condition.kind == "absent":  # nothing that anybody sees would go
            return not await self._rows(f"{_LIST} WHERE {_ITEM} AND {words}", collection, key, *parameters)
        return bool(await self._rows(f"{_DELETE} AND {words} RETURNING version", collection, key, *parameters))

    async def list(
        self, collection: str, *, prefix: str, limit: int, after: str | None, now: int
    ) -> Sequence[ListedItem]:
        """Items by key in the order of its UTF-8 bytes."""
        words, parameters = [f"collection = ? AND {_LIVE}", "key >= ?"], [collection, now, prefix]
        if after is not None:
            words.append("key > ?")
            parameters.append(after)
        if (end := _end_of(prefix)) is not None:
            words.append("key < ?")
            parameters.append(end)
        statement = f"{_LIST} WHERE {' AND '.join(words)} ORDER BY key LIMIT ?"
        return tuple(ListedItem(**_head(row)) for row in await self._rows(statement, *parameters, limit))

    async def _clean(self, now: int) -> None:
        try:
            await self._rows(_CLEAN, now)
        except ServiceError:
            logger.warning("Expired items could not be taken away; a later write does", exc_info=True)

    async def _rows(self, statement: str, *parameters: Any) -> Sequence[Any]:
        try:
            answer = await self._database.prepare(statement).bind(*parameters).all()
        except JsException as error:
            raise ServiceError(SERVICE, "", str(error)) from error
        rows: Sequence[Any] = answer["results"]
        return rows


def _held(condition: Condition, now: int) -> tuple[str, tuple[Any, ...]]:
    """What of an item must be true, with the parameters in it; for `absent`, what must not."""
    if condition.kind == "any":
        return "", ()
    if condition.kind == "versions":
        return f"{_LIVE} AND {_VERSION}", (now, json.dumps(list(condition.versions)))
    return _LIVE, (now,)


def _end_of(prefix: str) -> str | None:
    """The first text after all that start with a prefix, by bytes, as by code points; None where there is none."""
    for last in range(len(prefix) - 1, -1, -1):
        following = ord(prefix[last]) + 1
        if following == 0xD800:  # halves of surrogate pairs are no characters
            following = 0xE000
        if following <= 0x10FFFF:
            return prefix[:last] + chr(following)
    return None


def _head(row: Any) -> dict[str, Any]:
    expires = row["expires_at"]
    return {"key": row["key"], "version": row["version"], "expires_at": None if expires is None else int(expires)}
