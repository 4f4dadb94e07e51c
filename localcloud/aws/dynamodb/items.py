"""The operations on one item."""

from __future__ import annotations

from typing import Any

import orjson

from localcloud.aws.dynamodb.capacity import consumed, read_units, write_units
from localcloud.aws.dynamodb.catalog import Catalog
from localcloud.aws.dynamodb.errors import invalid
from localcloud.aws.dynamodb.expressions.documents import project
from localcloud.aws.dynamodb.expressions.request import Expressions
from localcloud.aws.dynamodb.keys import key_of
from localcloud.aws.dynamodb.store import Store
from localcloud.aws.dynamodb.values import Item
from localcloud.aws.dynamodb.writes import (
    Outcome,
    Write,
    carry_out,
    decide,
    draft_delete,
    draft_put,
    draft_update,
    settle,
)
from localcloud.aws.protocol import CallContext

_Document = dict[str, Any]


class Items:
    """GetItem, PutItem, UpdateItem, DeleteItem. Each runs without a pause, so none sees another half done."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog

    def get(self, params: _Document, context: CallContext) -> _Document:
        """GetItem. Every read is a consistent one; what it costs depends on what was asked for."""
        expressions = Expressions(params, "ProjectionExpression")
        paths = expressions.projection()
        expressions.finish()
        table = self._catalog.for_items(params["TableName"], context)
        key, _ = key_of(table, params["Key"])
        expressions.check_keys(table)
        row = self._store.get(table, key)
        units = read_units(row.size if row else 0, consistent=bool(params.get("ConsistentRead")))
        answer: _Document = {"ConsumedCapacity": consumed(params, table.name, units)}
        if row is not None:
            whole = paths is None
            answer["Item"] = orjson.Fragment(row.item) if whole else project(orjson.loads(row.item), paths or ())
        return answer

    def put(self, params: _Document, context: CallContext) -> _Document:
        """PutItem."""
        draft = draft_put(params)
        if params.get("ReturnValues", "NONE") not in {"NONE", "ALL_OLD"}:
            raise invalid("ReturnValues can only be ALL_OLD or NONE")
        table = self._catalog.for_items(params["TableName"], context)
        return self._write(settle("Put", draft, table), params)

    def delete(self, params: _Document, context: CallContext) -> _Document:
        """DeleteItem."""
        draft = draft_delete(params)
        if params.get("ReturnValues", "NONE") not in {"NONE", "ALL_OLD"}:
            raise invalid("ReturnValues can only be ALL_OLD or NONE")
        table = self._catalog.for_items(params["TableName"], context)
        return self._write(settle("Delete", draft, table), params)

    def update(self, params: _Document, context: CallContext) -> _Document:
        """UpdateItem."""
        draft = draft_update(params)
        table = self._catalog.for_items(params["TableName"], context)
        return self._write(settle("Update", draft, table), params)

    def _write(self, write: Write, params: _Document) -> _Document:
        outcome = decide(write, self._store.get(write.table, write.key))
        carry_out(self._store, write, outcome)
        units = write_units(outcome.size_before, outcome.size_after)
        shown = _shown(params.get("ReturnValues", "NONE"), write, outcome)
        return {"ConsumedCapacity": consumed(params, write.table.name, units), "Attributes": shown or None}


def _shown(wanted: str, write: Write, outcome: Outcome) -> Item | None:
    if wanted == "NONE":
        return None
    side = outcome.before if wanted.endswith("OLD") else outcome.after
    if side is None or wanted.startswith("ALL"):
        return side
    return project(side, [action.path for action in write.actions])
