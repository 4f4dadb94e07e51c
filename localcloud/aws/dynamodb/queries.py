"""Query and Scan."""

from __future__ import annotations

from typing import Any, Final

from localcloud.aws.dynamodb.catalog import Catalog
from localcloud.aws.dynamodb.errors import invalid
from localcloud.aws.dynamodb.expressions.request import Expressions
from localcloud.aws.dynamodb.key_conditions import query_bounds
from localcloud.aws.dynamodb.keys import HASH_BYTES, StoredKey
from localcloud.aws.dynamodb.pages import PageRequest, after_start, check_selection, read_page
from localcloud.aws.dynamodb.store import Bounds, Store
from localcloud.aws.protocol import CallContext

_Document = dict[str, Any]
_HASHES: Final = 1 << (8 * HASH_BYTES)


class Queries:
    """Reads of many items, a page of at most 1 MB at a time."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog

    async def query(self, params: _Document, context: CallContext) -> _Document:
        """Query."""
        expressions = Expressions(params, "ProjectionExpression", "FilterExpression", "KeyConditionExpression")
        key_condition = expressions.condition("KeyConditionExpression")
        if key_condition is None:
            raise invalid(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
            )
        condition, named = expressions.filter()
        paths = expressions.projection()
        expressions.finish()
        counts_only = check_selection(params, paths)
        table = self._catalog.for_items(params["TableName"], context)
        expressions.check_keys(table)
        bounds = query_bounds(table, key_condition)
        for attribute in table.keys:
            if attribute.name in named:
                raise invalid(
                    "Filter Expression can only contain non-primary key attributes: "
                    f"Primary key attribute: {attribute.name}"
                )
        request = PageRequest(
            table=table,
            bounds=bounds,
            limit=params.get("Limit"),
            forward=params.get("ScanIndexForward", True),
            condition=condition,
            paths=paths,
            counts_only=counts_only,
        )
        rest, start = after_start(request, params)
        if start is not None and not _within(start, bounds):
            raise invalid(
                "The provided starting key is outside query boundaries based on provided conditions"
                if start.partition != bounds.low[0]
                else "The provided starting key does not match the range key predicate"
            )
        return await read_page(self._store, rest, params)

    async def scan(self, params: _Document, context: CallContext) -> _Document:
        """Scan, also a segment of a parallel one."""
        expressions = Expressions(params, "ProjectionExpression", "FilterExpression")
        condition, _ = expressions.filter()
        paths = expressions.projection()
        expressions.finish()
        counts_only = check_selection(params, paths)
        bounds = _segment(params)
        table = self._catalog.for_items(params["TableName"], context)
        expressions.check_keys(table)
        request = PageRequest(
            table=table,
            bounds=bounds,
            limit=params.get("Limit"),
            condition=condition,
            paths=paths,
            counts_only=counts_only,
        )
        rest, start = after_start(request, params)
        if start is not None and not _within(start, bounds):
            raise invalid(
                "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey "
                "with correct Segment."
            )
        return await read_page(self._store, rest, params)


def _within(key: StoredKey, bounds: Bounds) -> bool:
    place = (key.partition, key.sort)
    above = place > bounds.low if bounds.low_open else place >= bounds.low
    return above and (place < bounds.high if bounds.high_open else place <= bounds.high)


def _segment(params: _Document) -> Bounds:
    """The share of the hashes that a segment has. Raises ServiceError."""
    segment, total = params.get("Segment"), params.get("TotalSegments")
    if segment is None and total is None:
        return Bounds()
    if total is None:
        raise invalid(
            "The TotalSegments parameter is required but was not present in the request "
            "when Segment parameter is present"
        )
    if segment is None:
        raise invalid(
            "The Segment parameter is required but was not present in the request "
            "when parameter TotalSegments is present"
        )
    if segment >= total:
        raise invalid(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
            f"Segment: {segment} is not less than TotalSegments: {total}"
        )
    low = (segment * _HASHES // total).to_bytes(HASH_BYTES)
    if segment + 1 == total:
        return Bounds(low=(low, b""))
    high = ((segment + 1) * _HASHES // total).to_bytes(HASH_BYTES)
    return Bounds((low, b""), (high, b""), high_open=True)
