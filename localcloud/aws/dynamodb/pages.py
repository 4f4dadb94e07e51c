"""Pages of items: what Query and Scan have in common.

A page takes many reads and may take long, so it pauses between them and lets other requests run. It is then no
snapshot, which DynamoDB's pages are not either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from localcloud.aws.dynamodb.capacity import consumed, read_units
from localcloud.aws.dynamodb.errors import invalid, invalid_values, unserved
from localcloud.aws.dynamodb.expressions.documents import project
from localcloud.aws.dynamodb.expressions.evaluation import holds
from localcloud.aws.dynamodb.expressions.tree import Condition, Path
from localcloud.aws.dynamodb.keys import StoredKey, key_attributes, stored_key
from localcloud.aws.dynamodb.store import Bounds, Row, Store
from localcloud.aws.dynamodb.table import Table
from localcloud.aws.dynamodb.values import checked_item

PAGE_BYTES: Final = 1024 * 1024
_FIRST_READ, _LONGEST_READ = 16, 100  # rows; with a filter these take some 3 ms


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Which items of a table, and what of them."""

    table: Table
    bounds: Bounds
    limit: int | None
    forward: bool = True
    condition: Condition | None = None
    paths: tuple[Path, ...] | None = None
    counts_only: bool = False


async def read_page(store: Store, request: PageRequest, params: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of Query and Scan."""
    items: list[Any] = []
    count = scanned = size = 0
    last: Row | None = None
    bounds, reads, ended = request.bounds, _FIRST_READ, False
    while not ended:
        wanted = reads if request.limit is None else min(reads, request.limit - scanned)
        rows = store.rows(request.table, bounds, wanted, forward=request.forward)
        for row in rows:
            scanned, size, last = scanned + 1, size + row.size, row
            shown = _shown(row, request)
            if shown is not None:
                count += 1
                items.append(shown)
            if size > PAGE_BYTES or scanned == request.limit:
                ended = True
                break
        else:
            if len(rows) < wanted:
                last, ended = None, True
        if last is not None and not ended:
            bounds = _beyond(bounds, StoredKey(last.partition, last.sort), forward=request.forward)
            reads = min(_LONGEST_READ, 1 + (PAGE_BYTES - size) * scanned // max(size, 1))
            await asyncio.sleep(0)
    units = read_units(size, consistent=bool(params.get("ConsistentRead")))
    return {
        "Items": None if request.counts_only else items,
        "Count": count,
        "ScannedCount": scanned,
        "LastEvaluatedKey": None if last is None else key_attributes(request.table, orjson.loads(last.item)),
        "ConsumedCapacity": consumed(params, request.table.name, units),
    }


def after_start(request: PageRequest, params: Mapping[str, Any]) -> tuple[PageRequest, StoredKey | None]:
    """The request from its ExclusiveStartKey on, and that key. Raises ServiceError."""
    start = params.get("ExclusiveStartKey")
    if start is None:
        return request, None
    found, _ = checked_item(start)
    table = request.table
    if len(found) != len(table.keys) or any(part.kind not in found.get(part.name, ()) for part in table.keys):
        raise invalid("The provided starting key is invalid")
    key = stored_key(table, found)
    return replace(request, bounds=_beyond(request.bounds, key, forward=request.forward)), key


def check_selection(params: Mapping[str, Any], paths: tuple[Path, ...] | None) -> bool:
    """Whether only the count is wanted. Raises ServiceError on a Select that goes with nothing else that was given."""
    if params.get("IndexName") is not None:
        raise unserved("IndexName", "query the table itself.")
    select = params.get("Select")
    if select == "ALL_PROJECTED_ATTRIBUTES":
        raise invalid_values("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
    if select == "SPECIFIC_ATTRIBUTES" and paths is None:
        raise invalid(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
        )
    if select in {"COUNT", "ALL_ATTRIBUTES"} and paths is not None:
        what = "only the Count" if select == "COUNT" else "ALL_ATTRIBUTES"
        raise invalid(f"Cannot specify the ProjectionExpression when choosing to get {what}")
    return bool(select == "COUNT")


def _shown(row: Row, request: PageRequest) -> Any:
    """What of a row is answered; None where the filter leaves it out."""
    if request.condition is None and request.paths is None:
        return orjson.Fragment(row.item)
    item = orjson.loads(row.item)
    if request.condition is not None and not holds(request.condition, item):
        return None
    return orjson.Fragment(row.item) if request.paths is None else project(item, request.paths)


def _beyond(bounds: Bounds, key: StoredKey, *, forward: bool) -> Bounds:
    place = (key.partition, key.sort)
    if forward:
        return replace(bounds, low=place, low_open=True)
    return replace(bounds, high=place, high_open=True)
