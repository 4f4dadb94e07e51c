"""What an update makes of an item. All operands are read from the item as it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import orjson

from localcloud.aws.dynamodb.decimals import minus, plus
from localcloud.aws.dynamodb.errors import invalid
from localcloud.aws.dynamodb.expressions.documents import child, find
from localcloud.aws.dynamodb.expressions.tree import Action, Arithmetic, Call, Constant, Operand, Path, Reference
from localcloud.aws.dynamodb.values import Item, Value, kind_of, set_of
from localcloud.aws.protocol import ServiceError


def updated(item: Mapping[str, Value], actions: Sequence[Action]) -> Item:
    """The item after the update. Raises ServiceError(ValidationException) where it cannot be carried out."""
    found = _copy(dict(item))
    for action in actions:
        _holder(found, action.path)  # of all that can be wrong, wrong paths are told first
    steps = [(action, None if action.value is None else _value(action.value, item)) for action in actions]
    edits = _ListEdits()
    for action, value in steps:
        holder = _holder(found, action.path)
        step = action.path[-1]
        if action.section == "REMOVE":
            _remove(holder, step, edits)
        elif action.section == "SET":
            assert value is not None
            _put(holder, step, _copy(value), edits)
        else:
            assert value is not None
            before = _current(holder, step)
            after = _added(before, value) if action.section == "ADD" else _deleted(before, value)
            if after is not None:
                _put(holder, step, after, edits)
            elif before is not None:
                _remove(holder, step, edits)
    edits.finish()
    return found


_Json = TypeVar("_Json", Item, Value)


def _copy(value: _Json) -> _Json:
    """A deep copy, by way of JSON: many times faster than `copy.deepcopy`."""
    found: _Json = orjson.loads(orjson.dumps(value))
    return found


class _ListEdits:
    """Changes of lists: indexes mean the list as it was, so nothing moves before all is done."""

    def __init__(self) -> None:
        self._lists: dict[int, tuple[list[Any], set[int], dict[int, Value]]] = {}

    def of(self, holder: list[Any]) -> tuple[list[Any], set[int], dict[int, Value]]:
        """The list, the indexes to take out, and what comes after its end, by wished index."""
        return self._lists.setdefault(id(holder), (holder, set(), {}))

    def finish(self) -> None:
        """Closes the gaps and appends."""
        for holder, gone, more in self._lists.values():
            kept = [value for index, value in enumerate(holder) if index not in gone]
            holder[:] = [*kept, *(more[index] for index in sorted(more))]


def _holder(item: Item, path: Path) -> dict[str, Any] | list[Any]:
    """The map or list that the last step of a path is a step into."""
    if len(path) == 1:
        return item
    parent = find(item, path[:-1])
    kind = "L" if isinstance(path[-1], int) else "M"
    if parent is None or kind not in parent:
        raise invalid("The document path provided in the update expression is invalid for update")
    holder: dict[str, Any] | list[Any] = parent[kind]
    return holder


def _current(holder: dict[str, Any] | list[Any], step: str | int) -> Value | None:
    return child({"L": holder} if isinstance(holder, list) else {"M": holder}, step)


def _put(holder: dict[str, Any] | list[Any], step: str | int, value: Value, edits: _ListEdits) -> None:
    if isinstance(holder, dict):
        holder[str(step)] = value
    elif isinstance(step, int) and step < len(holder):
        holder[step] = value
    elif isinstance(step, int):
        edits.of(holder)[2][step] = value


def _remove(holder: dict[str, Any] | list[Any], step: str | int, edits: _ListEdits) -> None:
    if isinstance(holder, dict):
        holder.pop(str(step), None)
    elif isinstance(step, int):
        edits.of(holder)[1].add(step)


def _value(operand: Operand, item: Mapping[str, Value]) -> Value:
    match operand:
        case Constant(value):
            return value
        case Reference(path):
            found = find(item, path)
            if found is None:
                raise invalid("The provided expression refers to an attribute that does not exist in the item")
            return found
        case Arithmetic(operator, left, right):
            one, two = _typed(left, item, "N"), _typed(right, item, "N")
            return {"N": plus(one, two) if operator == "+" else minus(one, two)}
        case Call("if_not_exists", (Reference(path), other)):
            found = find(item, path)
            return found if found is not None else _value(other, item)
        case Call("list_append", (first, second)):
            return {"L": [*_typed(first, item, "L"), *_typed(second, item, "L")]}
    raise TypeError(f"{operand} has no value in an update")


def _typed(operand: Operand, item: Mapping[str, Value], kind: str) -> Any:
    value = _value(operand, item)
    if kind not in value:
        raise _wrong_type()
    return value[kind]


def _added(before: Value | None, value: Value) -> Value:
    kind, inner = next(iter(value.items()))
    if before is None:
        return value
    if kind_of(before) != kind:
        raise _wrong_type()
    return {"N": plus(before["N"], inner)} if kind == "N" else set_of(kind, [*before[kind], *inner])


def _deleted(before: Value | None, value: Value) -> Value | None:
    """The set without these members; None where nothing is left."""
    if before is None:
        return None
    kind, inner = next(iter(value.items()))
    if kind_of(before) != kind:
        raise _wrong_type()
    left = [member for member in before[kind] if member not in inner]
    return {kind: left} if left else None


def _wrong_type() -> ServiceError:
    return invalid("An operand in the update expression has an incorrect data type")
