"""Whether a condition holds for an item."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from localcloud.aws.dynamodb.expressions.documents import find
from localcloud.aws.dynamodb.expressions.tree import (
    Among,
    Between,
    Both,
    Call,
    Comparator,
    Compare,
    Condition,
    Constant,
    Not,
    Operand,
    Reference,
)
from localcloud.aws.dynamodb.values import Value, kind_of, member_kind, rank


def holds(condition: Condition, item: Mapping[str, Value]) -> bool:  # noqa: PLR0911 - one line a kind of condition
    """For an item that does not exist, give an empty one."""
    match condition:
        case Both("AND", left, right):
            return holds(left, item) and holds(right, item)
        case Both(_, left, right):
            return holds(left, item) or holds(right, item)
        case Not(inner):
            return not holds(inner, item)
        case Compare(operator, left, right):
            return _compare(operator, _value(left, item), _value(right, item))
        case Between(operand, low, high):
            value = _value(operand, item)
            return _compare(">=", value, _value(low, item)) and _compare("<=", value, _value(high, item))
        case Among(operand, options):
            value = _value(operand, item)
            return value is not None and any(value == _value(option, item) for option in options)
        case Call(name, arguments):
            return _call(name, [_value(argument, item) for argument in arguments])


def _value(operand: Operand, item: Mapping[str, Value]) -> Value | None:
    match operand:
        case Reference(path):
            return find(item, path)
        case Constant(value):
            return value
        case Call("size", arguments):
            return _size(_value(arguments[0], item))
    raise TypeError(f"{operand} has no value in a condition")


def _compare(operator: Comparator, left: Value | None, right: Value | None) -> bool:
    if operator == "=":
        return left is not None and left == right
    if operator == "<>":
        # What is not there differs from everything, also from something else that is not there (DynamoDB Local 3.3.1).
        return left is None or left != right
    if left is None or right is None or kind_of(left) != kind_of(right):
        return False
    low, high = rank(left), rank(right)
    if low is None or high is None:
        return False
    return {"<": low < high, "<=": low <= high, ">": low > high, ">=": low >= high}[operator]


def _call(name: str, values: list[Value | None]) -> bool:
    first = values[0]
    if name == "attribute_exists":
        return first is not None
    if name == "attribute_not_exists":
        return first is None
    second = values[1]
    if first is None or second is None:
        return False
    if name == "attribute_type":
        return bool(kind_of(first) == second["S"])
    return _begins_with(first, second) if name == "begins_with" else _contains(first, second)


def _begins_with(value: Value, start: Value) -> bool:
    kind = kind_of(value)
    if kind != kind_of(start) or kind not in {"S", "B"}:
        return False
    return (rank(value) or b"").startswith(rank(start) or b"")


def _contains(value: Value, wanted: Value) -> bool:
    kind, inner = next(iter(value.items()))
    wanted_kind, wanted_inner = next(iter(wanted.items()))
    if kind == "L":
        return any(element == wanted for element in inner)
    if member_kind(kind) is not None:
        return bool(member_kind(kind) == wanted_kind and wanted_inner in inner)
    if kind != wanted_kind or kind not in {"S", "B"}:
        return False
    return (rank(wanted) or b"") in (rank(value) or b"")


def _size(value: Value | None) -> Value | None:
    """Strings count in UTF-16, as the service's own language does."""
    if value is None:
        return None
    kind, inner = next(iter(value.items()))
    if kind == "S":
        return {"N": str(len(inner.encode("utf-16-le")) // 2)}
    if kind == "B":
        return {"N": str(len(base64.b64decode(inner)))}
    return None if kind in {"N", "BOOL", "NULL"} else {"N": str(len(inner))}
