"""TransactWriteItems and TransactGetItems: all or nothing."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Any, Final, Literal, cast

import orjson

from localcloud.aws.dynamodb.capacity import consumed_by_table, read_units, write_units
from localcloud.aws.dynamodb.catalog import Catalog
from localcloud.aws.dynamodb.errors import invalid
from localcloud.aws.dynamodb.expressions.documents import project
from localcloud.aws.dynamodb.expressions.request import Expressions
from localcloud.aws.dynamodb.keys import StoredKey, key_of
from localcloud.aws.dynamodb.store import Row, Store
from localcloud.aws.dynamodb.table import Table
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
from localcloud.aws.protocol import CallContext, ServiceError

_Document = dict[str, Any]
Kind = Literal["Put", "Update", "Delete", "ConditionCheck"]

TOKEN_SECONDS: Final = 600
MOST_BYTES: Final = 4 * 1024 * 1024
_DRAFTS: Final = {"Put": draft_put, "Update": draft_update, "Delete": draft_delete, "ConditionCheck": draft_delete}


class Transactions:
    """Neither pauses, so they are isolated from everything else."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog

    def write(self, params: _Document, context: CallContext) -> _Document:
        """TransactWriteItems. A ClientRequestToken that was used within ten minutes does nothing again."""
        writes = self._settled(params, context)
        now = self._catalog.now()
        token = params.get("ClientRequestToken")
        token = None if token is None else f"{context.region}/{token}"
        digest = hashlib.sha256(orjson.dumps(params["TransactItems"], option=orjson.OPT_SORT_KEYS)).digest()
        known = None if token is None else self._store.digest_of(token, now - TOKEN_SECONDS)
        if known is not None and known != digest:
            raise ServiceError(
                "IdempotentParameterMismatchException",
                "The request uses the same client token as a previous, but non-identical request. Do not reuse a "
                "client token with different requests, unless the requests are identical",
            )
        units: dict[str, float] = defaultdict(float)
        if known is not None:
            # A repetition costs what reading its items costs (API reference, ClientRequestToken).
            for write in writes:
                units[write.table.name] += _read_cost(self._store.get(write.table, write.key))
            return {"ConsumedCapacity": consumed_by_table(params, units, transaction="Read")}
        outcomes = self._decided(writes)
        if sum(max(outcome.size_before, outcome.size_after) for outcome in outcomes) > MOST_BYTES:
            raise invalid("Transaction request exceeds the maximum size of 4 MB")
        with self._store.transaction():
            for write, outcome in zip(writes, outcomes, strict=True):
                carry_out(self._store, write, outcome)
                units[write.table.name] += 2 * write_units(outcome.size_before, outcome.size_after)
            if token is not None:
                self._store.remember(token, digest, now)
        return {"ConsumedCapacity": consumed_by_table(params, units, transaction="Write")}

    def get(self, params: _Document, context: CallContext) -> _Document:
        """TransactGetItems."""
        reads: list[tuple[Table, StoredKey, Any]] = []
        for wanted in params["TransactItems"]:
            request = wanted["Get"]
            expressions = Expressions(request, "ProjectionExpression")
            paths = expressions.projection()
            expressions.finish()
            table = self._catalog.for_items(request["TableName"], context)
            expressions.check_keys(table)
            reads.append((table, key_of(table, request["Key"])[0], paths))
        _once([(table, key) for table, key, _ in reads])
        units: dict[str, float] = defaultdict(float)
        responses: list[_Document] = []
        for table, key, paths in reads:
            row = self._store.get(table, key)
            units[table.name] += _read_cost(row)
            if row is None:
                responses.append({})
            else:
                whole = orjson.Fragment(row.item)
                responses.append({"Item": whole if paths is None else project(orjson.loads(row.item), paths)})
        return {"Responses": responses, "ConsumedCapacity": consumed_by_table(params, units, transaction="Read")}

    def _settled(self, params: _Document, context: CallContext) -> list[Write]:
        drafts = []
        for wanted in params["TransactItems"]:
            if len(wanted) != 1:
                raise invalid(
                    "TransactItems can only contain one of Check, Put, Update or Delete"
                    if wanted
                    else "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
                )
            kind, request = next(iter(wanted.items()))
            drafts.append((cast("Kind", kind), request, _DRAFTS[kind](request)))
        writes = [
            settle(kind, draft, self._catalog.for_items(request["TableName"], context))
            for kind, request, draft in drafts
        ]
        _once([(write.table, write.key) for write in writes])
        return writes

    def _decided(self, writes: list[Write]) -> list[Outcome]:
        """What each write does. Raises ServiceError(TransactionCanceledException) where one cannot be done."""
        outcomes: list[Outcome] = []
        reasons: list[_Document] = []
        for write in writes:
            try:
                outcomes.append(decide(write, self._store.get(write.table, write.key)))
                reasons.append({"Code": "None"})
            except ServiceError as error:
                reasons.append(_reason(error))
        if len(outcomes) < len(writes):
            codes = ", ".join(reason["Code"] for reason in reasons)
            text = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
            raise ServiceError("TransactionCanceledException", text, fields={"CancellationReasons": reasons})
        return outcomes


def _reason(error: ServiceError) -> _Document:
    if error.code == "ConditionalCheckFailedException":
        return {"Code": "ConditionalCheckFailed", "Message": error.message, **error.fields}
    return {"Code": "ValidationError", "Message": error.message}


def _read_cost(row: Row | None) -> float:
    return 2 * read_units(row.size if row is not None else 0, consistent=True)


def _once(places: list[tuple[Table, StoredKey]]) -> None:
    if len({(table.number, key) for table, key in places}) != len(places):
        raise invalid("Transaction request cannot include multiple operations on one item")
