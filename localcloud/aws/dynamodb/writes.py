"""One write of one item: what the request asks, what it does to the item that is there, and its way to the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import orjson

from localcloud.aws.dynamodb.errors import condition_failed, invalid, invalid_values
from localcloud.aws.dynamodb.expressions.application import updated
from localcloud.aws.dynamodb.expressions.evaluation import holds
from localcloud.aws.dynamodb.expressions.request import Expressions
from localcloud.aws.dynamodb.expressions.tree import Action, Condition
from localcloud.aws.dynamodb.keys import StoredKey, key_of, key_of_item
from localcloud.aws.dynamodb.store import Row, Store
from localcloud.aws.dynamodb.table import Table
from localcloud.aws.dynamodb.values import ITEM_BYTES, Item, checked_item, sized

_LATEST_END = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A request that was found good. `item`: what a put writes, the key attributes of any other."""

    kind: Literal["Put", "Update", "Delete", "ConditionCheck"]
    table: Table
    key: StoredKey
    item: Item
    size: int = 0
    condition: Condition | None = None
    actions: tuple[Action, ...] = ()
    shows_old: bool = False  # when the condition does not hold


@dataclass(frozen=True, slots=True)
class Outcome:
    """The item before and after; sizes in bytes, 0 where there is none."""

    before: Item | None
    after: Item | None
    size_before: int
    size_after: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A write whose expressions were read, before its table was looked up."""

    params: Mapping[str, Any]
    expressions: Expressions
    condition: Condition | None
    actions: tuple[Action, ...] = ()
    item: Item | None = None
    size: int = 0


def draft_put(params: Mapping[str, Any]) -> Draft:
    """Raises ServiceError."""
    expressions = Expressions(params, "ConditionExpression")
    item, size = checked_item(params["Item"])
    if size > ITEM_BYTES:
        raise invalid("Item size has exceeded the maximum allowed size")
    condition = expressions.condition()
    expressions.finish()
    return Draft(params, expressions, condition, item=item, size=size)


def draft_update(params: Mapping[str, Any]) -> Draft:
    """Raises ServiceError."""
    expressions = Expressions(params, "UpdateExpression", "ConditionExpression")
    actions, condition = expressions.update(), expressions.condition()
    expressions.finish()
    return Draft(params, expressions, condition, actions)


def draft_delete(params: Mapping[str, Any]) -> Draft:
    """A delete, or a check without any change. Raises ServiceError."""
    expressions = Expressions(params, "ConditionExpression")
    condition = expressions.condition()
    expressions.finish()
    return Draft(params, expressions, condition)


def settle(kind: Literal["Put", "Update", "Delete", "ConditionCheck"], draft: Draft, table: Table) -> Write:
    """The write, checked against its table. Raises ServiceError."""
    if draft.item is not None:
        key, item = key_of_item(table, draft.item), draft.item
    else:
        key, item = key_of(table, draft.params["Key"])
    for action in draft.actions:
        if any(action.path[0] == attribute.name for attribute in table.keys):
            raise invalid_values(f"Cannot update attribute {action.path[0]}. This attribute is part of the key")
    draft.expressions.check_keys(table)
    return Write(
        kind=kind,
        table=table,
        key=key,
        item=item,
        size=draft.size,
        condition=draft.condition,
        actions=draft.actions,
        shows_old=draft.params.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD",
    )


def decide(write: Write, row: Row | None) -> Outcome:
    """What the write makes of the item that is there. Raises ServiceError; changes nothing."""
    before: Item | None = None if row is None else orjson.loads(row.item)
    size = 0 if row is None else row.size
    if write.condition is not None and not holds(write.condition, before or {}):
        raise condition_failed(before if write.shows_old else None)
    if write.kind == "Put":
        return Outcome(before, write.item, size, write.size)
    if write.kind == "Delete":
        return Outcome(before, None, size, 0)
    if write.kind == "ConditionCheck":
        return Outcome(before, before, size, size)
    after = updated(before if before is not None else write.item, write.actions)
    size_after = sized(after)
    if size_after > ITEM_BYTES:
        raise invalid("Item size to update has exceeded the maximum allowed size")
    return Outcome(before, after, size, size_after)


def carry_out(store: Store, write: Write, outcome: Outcome) -> None:
    """Puts the outcome on the disk."""
    if write.kind == "ConditionCheck":
        return
    if outcome.after is None:
        store.delete(write.table, write.key)
    else:
        data = orjson.dumps(outcome.after)
        store.put(write.table, write.key, data, outcome.size_after, end_of(write.table, outcome.after))


def end_of(table: Table, item: Mapping[str, Any]) -> int | None:
    """When an item ends by its table's time to live, in seconds of the epoch; None for never."""
    if table.ttl is None:
        return None
    number = item.get(table.ttl.attribute, {}).get("N")
    if number is None:
        return None
    seconds = Decimal(number)
    return int(seconds) if 0 < seconds < _LATEST_END else None
