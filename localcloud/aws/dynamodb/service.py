"""DynamoDB's API on its parts. No secondary indexes, streams, backups to restore from, global tables or PartiQL."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from localcloud.aws.dynamodb.batches import Batches
from localcloud.aws.dynamodb.catalog import Catalog
from localcloud.aws.dynamodb.control import Control
from localcloud.aws.dynamodb.items import Items
from localcloud.aws.dynamodb.queries import Queries
from localcloud.aws.dynamodb.store import Store
from localcloud.aws.dynamodb.transactions import Transactions
from localcloud.aws.dynamodb.upkeep import Upkeep
from localcloud.aws.protocol import CallContext, unsupported

_Document = dict[str, Any]
UPKEEP_SECONDS = 20.0


class DynamoDbService:
    """Implements Service. All on the event loop: a read or a write takes SQLite some 10 µs, a thread's turn more."""

    name = "dynamodb"
    documents = ("AttributeValue",)
    """Shapes that this service reads and writes in their wire form: values are checked once, here."""

    def __init__(
        self, data: Path, now: Callable[[], float] = time.time, upkeep_seconds: float = UPKEEP_SECONDS
    ) -> None:
        self._store = Store(data / "dynamodb.sqlite3")
        self._catalog = Catalog(self._store, now)
        self._upkeep = Upkeep(self._store, self._catalog, upkeep_seconds)
        control, items = Control(self._store, self._catalog), Items(self._store, self._catalog)
        batches, transactions = Batches(self._store, self._catalog), Transactions(self._store, self._catalog)
        queries = Queries(self._store, self._catalog)
        self._calls: dict[str, Callable[[_Document, CallContext], _Document]] = {
            "BatchGetItem": batches.get,
            "BatchWriteItem": batches.write,
            "CreateTable": control.create,
            "DeleteItem": items.delete,
            "DeleteTable": control.delete,
            "DescribeContinuousBackups": control.describe_backups,
            "DescribeTable": control.describe,
            "DescribeTimeToLive": control.describe_ttl,
            "GetItem": items.get,
            "ListTables": control.list,
            "ListTagsOfResource": control.list_tags,
            "PutItem": items.put,
            "TagResource": control.tag,
            "TransactGetItems": transactions.get,
            "TransactWriteItems": transactions.write,
            "UntagResource": control.untag,
            "UpdateContinuousBackups": control.set_backups,
            "UpdateItem": items.update,
            "UpdateTable": control.update,
            "UpdateTimeToLive": control.set_ttl,
        }
        self._pages: dict[str, Callable[[_Document, CallContext], Awaitable[_Document]]] = {
            "Query": queries.query,
            "Scan": queries.scan,
        }

    def start(self) -> None:
        """Begins the upkeep."""
        self._upkeep.start()

    async def close(self) -> None:
        """Ends the upkeep and closes the file."""
        await self._upkeep.close()
        self._store.close()

    def status(self) -> _Document:
        """A part of the local AWS, for its status."""
        return {"name": "dynamodb", "state": "ready", "detail": f"{len(self._catalog)} tables"}

    async def call(self, operation: str, params: _Document, context: CallContext) -> _Document:
        """Runs one operation."""
        found = self._calls.get(operation)
        if found is not None:
            return found(params, context)
        page = self._pages.get(operation)
        if page is not None:
            return await page(params, context)
        raise unsupported("DynamoDB", operation, (*self._calls, *self._pages))
