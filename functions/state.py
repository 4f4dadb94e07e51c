"""The State port on AWS: one DynamoDB table with the partition key `collection` and the sort key `key`.

DynamoDB takes expired items away within days, by the attribute `expires_at`; until then the conditions and filters here
do not see them. Source: DynamoDB Developer Guide, "Using time to live (TTL)" and "Condition and filter expressions".

A call blocks the event loop. An environment serves one request at a time, so there is nobody whom that would hold up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from functions.clients import called
from functions.errors import ServiceError

if TYPE_CHECKING:
    from functions.clients import Clients

SERVICE = "dynamodb"
# Names of attributes go by placeholders: `collection`, `key` and `value` are words of DynamoDB's own.
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"#collection": "collection", "#key": "key", "#version": "version", "#expires": "expires_at"}
)
_FRESH = "(attribute_not_exists(#expires) OR #expires > :now)"
_LIVE = f"attribute_exists(#version) AND {_FRESH}"
_ABSENT = "(attribute_not_exists(#version) OR #expires <= :now)"
# Operands that one IN takes.
_IN = 100


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


class DynamoDbState:
    """Items of one table."""

    def __init__(self, clients: Clients, table: str) -> None:
        self._clients = clients
        self._table = table

    async def get(self, collection: str, key: str, *, now: int) -> StoredItem | None:
        """The item, or None where there is none or its time is over."""
        answer = self._called("get_item", Key=_key(collection, key), ConsistentRead=True)
        if "Item" not in answer:
            return None
        item = StoredItem(**_head(answer["Item"]), value=answer["Item"]["value"]["S"])
        return item if item.expires_at is None or item.expires_at > now else None

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
        attributes = {**_key(collection, key), "value": {"S": value}, "version": {"S": version}}
        if expires_at is not None:
            attributes["expires_at"] = {"N": str(expires_at)}
        return self._written("put_item", condition, now, Item=attributes)

    async def delete(self, collection: str, key: str, *, condition: Condition, now: int) -> bool:
        """Takes the item away, or says False where the condition does not hold."""
        return self._written("delete_item", condition, now, Key=_key(collection, key))

    async def list(
        self, collection: str, *, prefix: str, limit: int, after: str | None, now: int
    ) -> Sequence[ListedItem]:
        """Items by key in the order of its UTF-8 bytes, which is DynamoDB's own for strings."""
        start = after
        if after is not None and not after.startswith(prefix):
            if after.encode() > prefix.encode():
                return ()
            start = None
        names = dict(NAMES)
        values: dict[str, Any] = {":collection": {"S": collection}, ":now": {"N": str(now)}}
        keys = "#collection = :collection"
        if prefix:  # an empty one is not taken
            values[":prefix"] = {"S": prefix}
            keys += " AND begins_with(#key, :prefix)"
        page: dict[str, Any] = {"ExclusiveStartKey": _key(collection, start)} if start else {}
        items: list[ListedItem] = []
        while True:
            answer = self._called(
                "query",
                KeyConditionExpression=keys,
                FilterExpression=_FRESH,
                ProjectionExpression="#key, #version, #expires",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                ConsistentRead=True,
                Limit=limit,
                **page,
            )
            items += (ListedItem(**_head(item)) for item in answer["Items"])
            if len(items) >= limit or "LastEvaluatedKey" not in answer:
                return tuple(items[:limit])
            page = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _written(self, operation: str, condition: Condition, now: int, **what: Any) -> bool:
        if condition.kind == "versions" and not condition.versions:
            return False
        try:
            self._called(operation, **what, **_conditional(condition, now))
        except ServiceError as error:
            if error.code != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _called(self, operation: str, **parameters: Any) -> dict[str, Any]:
        call = getattr(self._clients.client(SERVICE), operation)
        answer: dict[str, Any] = called(SERVICE, call, TableName=self._table, **parameters)
        return answer


def _key(collection: str, key: str) -> dict[str, Any]:
    return {"collection": {"S": collection}, "key": {"S": key}}


def _head(attributes: Mapping[str, Any]) -> dict[str, Any]:
    expires = attributes.get("expires_at")
    return {
        "key": attributes["key"]["S"],
        "version": attributes["version"]["S"],
        "expires_at": int(expires["N"]) if expires else None,
    }


def _conditional(condition: Condition, now: int) -> dict[str, Any]:
    """The parameters that make a write conditional; DynamoDB refuses names and values that no expression uses."""
    if condition.kind == "any":
        return {}
    expression = _ABSENT if condition.kind == "absent" else _LIVE
    values: dict[str, Any] = {":now": {"N": str(now)}}
    if condition.kind == "versions":
        names = [f":v{number}" for number in range(len(condition.versions))]
        values |= {name: {"S": version} for name, version in zip(names, condition.versions, strict=True)}
        lists = (", ".join(names[start : start + _IN]) for start in range(0, len(names), _IN))
        expression += " AND (" + " OR ".join(f"#version IN ({listed})" for listed in lists) + ")"
    return {
        "ConditionExpression": expression,
        "ExpressionAttributeNames": {name: NAMES[name] for name in ("#version", "#expires")},
        "ExpressionAttributeValues": values,
    }
