"""DynamoDB's tables and indexes.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html and, for
transactions, https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from localcloud.aws.ports import Need
from localcloud.aws.protocol import CallContext

_Rule = Callable[[Mapping[str, Any], CallContext], Iterator[Need]]


def _table(given: object, context: CallContext) -> str:
    name = str(given or "")
    if name.startswith("arn:"):
        return name
    return f"arn:aws:dynamodb:{context.region}:{context.account}:table/{name}"


def _on_table(operation: str) -> _Rule:
    def rule(params: Mapping[str, Any], context: CallContext) -> Iterator[Need]:
        yield Need(f"dynamodb:{operation}", _table(params.get("TableName"), context))

    return rule


def _on_index(operation: str) -> _Rule:
    def rule(params: Mapping[str, Any], context: CallContext) -> Iterator[Need]:
        index = params.get("IndexName")
        table = _table(params.get("TableName"), context)
        yield Need(f"dynamodb:{operation}", f"{table}/index/{index}" if index else table)

    return rule


def _batch(operation: str) -> _Rule:
    def rule(params: Mapping[str, Any], context: CallContext) -> Iterator[Need]:
        for name in params.get("RequestItems") or {}:
            yield Need(f"dynamodb:{operation}", _table(name, context))

    return rule


def _transaction(actions: Mapping[str, str]) -> _Rule:
    """The items' own actions, each on its table, each once."""

    def rule(params: Mapping[str, Any], context: CallContext) -> Iterator[Need]:
        found = {
            (actions[kind], str(inner.get("TableName", "")))
            for item in params.get("TransactItems") or ()
            for kind, inner in item.items()
            if kind in actions
        }
        for action, table in sorted(found):
            yield Need(f"dynamodb:{action}", _table(table, context))

    return rule


DYNAMODB: Final[Mapping[str, _Rule]] = {
    **{name: _on_table(name) for name in (
        "GetItem", "PutItem", "UpdateItem", "DeleteItem", "DescribeTable", "DescribeTimeToLive",
        "DescribeContinuousBackups",
    )},
    **{name: _on_index(name) for name in ("Query", "Scan")},
    **{name: _batch(name) for name in ("BatchGetItem", "BatchWriteItem")},
    "TransactGetItems": _transaction({"Get": "GetItem"}),
    "TransactWriteItems": _transaction({
        "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem",
    }),
}  # fmt: skip
