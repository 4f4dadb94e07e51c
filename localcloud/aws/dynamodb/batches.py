"""BatchGetItem and BatchWriteItem: many items, each by itself."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import orjson

from localcloud.aws.dynamodb.capacity import consumed_by_table, read_units, write_units
from localcloud.aws.dynamodb.catalog import Catalog
from localcloud.aws.dynamodb.errors import invalid
from localcloud.aws.dynamodb.expressions.documents import project
from localcloud.aws.dynamodb.expressions.request import Expressions
from localcloud.aws.dynamodb.keys import StoredKey, key_of
from localcloud.aws.dynamodb.store import Store
from localcloud.aws.dynamodb.writes import Write, carry_out, decide, draft_delete, draft_put, settle
from localcloud.aws.protocol import CallContext

_Document = dict[str, Any]
MOST_READS: Final = 100
MOST_WRITES: Final = 25
ANSWER_BYTES: Final = 16 * 1024 * 1024


class Batches:
    """The operations on many items that promise nothing about them together."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog

    def get(self, params: _Document, context: CallContext) -> _Document:
        """BatchGetItem; what exceeds 16 MB comes back as UnprocessedKeys."""
        asked = params["RequestItems"]
        if sum(len(wanted["Keys"]) for wanted in asked.values()) > MOST_READS:
            raise invalid("Too many items requested for the BatchGetItem call")
        reads = []
        for named, wanted in asked.items():
            expressions = Expressions(wanted, "ProjectionExpression")
            paths = expressions.projection()
            expressions.finish()
            table = self._catalog.for_items(named, context)
            expressions.check_keys(table)
            keys = [key_of(table, key)[0] for key in wanted["Keys"]]
            if len(set(keys)) != len(keys):
                raise invalid("Provided list of item keys contains duplicates")
            reads.append((named, wanted, table, paths, keys))
        responses: dict[str, list[Any]] = {}
        left: dict[str, _Document] = {}
        units: dict[str, float] = defaultdict(float)
        size = 0
        for named, wanted, table, paths, keys in reads:
            found = responses.setdefault(named, [])
            for index, key in enumerate(keys):
                if size > ANSWER_BYTES:
                    left[named] = {**wanted, "Keys": wanted["Keys"][index:]}
                    break
                row = self._store.get(table, key)
                units[table.name] += read_units(row.size if row else 0, consistent=bool(wanted.get("ConsistentRead")))
                if row is not None:
                    size += row.size
                    found.append(orjson.Fragment(row.item) if paths is None else project(orjson.loads(row.item), paths))
        return {
            "Responses": responses,
            "UnprocessedKeys": left,
            "ConsumedCapacity": consumed_by_table(params, units),
        }

    def write(self, params: _Document, context: CallContext) -> _Document:
        """BatchWriteItem."""
        asked = params["RequestItems"]
        if sum(len(requests) for requests in asked.values()) > MOST_WRITES:
            raise invalid("Too many items requested for the BatchWriteItem call")
        writes: list[Write] = []
        seen: set[tuple[int, StoredKey]] = set()
        for named, requests in asked.items():
            drafts = [_draft(request) for request in requests]
            table = self._catalog.for_items(named, context)
            for draft in drafts:
                write = settle("Delete" if draft.item is None else "Put", draft, table)
                if (table.number, write.key) in seen:
                    raise invalid("Provided list of item keys contains duplicates")
                seen.add((table.number, write.key))
                writes.append(write)
        units: dict[str, float] = defaultdict(float)
        with self._store.transaction():
            for write in writes:
                outcome = decide(write, self._store.get(write.table, write.key))
                carry_out(self._store, write, outcome)
                units[write.table.name] += write_units(outcome.size_before, outcome.size_after)
        return {"UnprocessedItems": {}, "ConsumedCapacity": consumed_by_table(params, units)}


def _draft(request: _Document) -> Any:
    if len(request) != 1:
        raise invalid(
            "Supplied AttributeValue has more than one datatypes set, "
            "must contain exactly one of the supported datatypes"
        )
    return draft_put(request["PutRequest"]) if "PutRequest" in request else draft_delete(request["DeleteRequest"])
