"""Key conditions: which partition, and which stretch of its sort keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from localcloud.aws.dynamodb.errors import invalid, invalid_values
from localcloud.aws.dynamodb.expressions.tree import (
    Among,
    Between,
    Both,
    Call,
    Compare,
    Condition,
    Constant,
    Not,
    Operand,
    Reference,
)
from localcloud.aws.dynamodb.keys import MOST_RANGE_BYTES, check_part, partition_bytes
from localcloud.aws.dynamodb.store import Bounds
from localcloud.aws.dynamodb.table import KeyAttribute, Table
from localcloud.aws.dynamodb.values import Value, kind_of, rank
from localcloud.aws.protocol import ServiceError

_MIRRORED: Final = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_AFTER_ALL: Final = b"\xff" * (MOST_RANGE_BYTES + 1)

_Part = tuple[str, tuple[Value, ...]]


def query_bounds(table: Table, condition: Condition) -> Bounds:
    """The rows that a key condition means. Raises ServiceError."""
    parts: dict[str, _Part] = {}
    for name, part in _parts(condition):
        if name in parts:
            raise invalid("KeyConditionExpressions must only contain one condition per key")
        parts[name] = part
    if len(parts) > 2:
        raise invalid("Conditions can be of length 1 or 2 only")
    if table.range_key is None and len(parts) > 1:
        raise invalid("Query key condition not supported")
    for attribute in table.keys:
        if attribute.name not in parts and (attribute is table.hash_key or len(parts) > 1):
            raise invalid(f"Query condition missed key schema element: {attribute.name}")
        if attribute.name in parts and any(kind_of(value) != attribute.kind for value in parts[attribute.name][1]):
            raise invalid_values("Condition parameter type does not match schema type")
    operator, (wanted, *_) = parts[table.hash_key.name]
    if operator != "=":
        raise invalid("Query key condition not supported")
    check_part(table.hash_key, wanted)
    partition = partition_bytes(wanted)
    if table.range_key is None or table.range_key.name not in parts:
        return Bounds((partition, b""), (partition, _AFTER_ALL))
    return _stretch(partition, table.range_key, parts[table.range_key.name])


def _stretch(partition: bytes, attribute: KeyAttribute, part: _Part) -> Bounds:  # noqa: PLR0911 - one an operator
    operator, values = part
    ranks = [rank(value) or b"" for value in values]
    first = ranks[0]
    if operator == "=":
        check_part(attribute, values[0], is_range=True)
    low, high = (partition, b""), (partition, _AFTER_ALL)
    match operator:
        case "=":
            return Bounds((partition, first), (partition, first))
        case "<":
            return Bounds(low, (partition, first), high_open=True)
        case "<=":
            return Bounds(low, (partition, first))
        case ">":
            return Bounds((partition, first), high, low_open=True)
        case ">=":
            return Bounds((partition, first), high)
        case "begins_with":
            after = _after_prefix(first)
            return Bounds(
                (partition, first), high if after is None else (partition, after), high_open=after is not None
            )
    return Bounds((partition, first), (partition, ranks[1]))


def _after_prefix(prefix: bytes) -> bytes | None:
    """The first bytes that sort after everything with this prefix; None where nothing does."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes((stem[-1] + 1,)) if stem else None


def _parts(condition: Condition) -> Iterator[tuple[str, _Part]]:  # noqa: PLR0912 - one a kind of condition
    match condition:
        case Both("AND", left, right):
            yield from _parts(left)
            yield from _parts(right)
        case Both() | Not() | Among():
            word = condition.operator if isinstance(condition, Both) else "NOT" if isinstance(condition, Not) else "IN"
            raise _operator(word)
        case Compare("<>"):
            raise _operator("<>")
        case Compare(operator, Reference(path), Constant(value)):
            yield _name(path), (operator, (value,))
        case Compare(operator, Constant(value), Reference(path)):
            yield _name(path), (_MIRRORED[operator], (value,))
        case Compare(_, left, right):
            raise _operands((left, right))
        case Between(Reference(path), Constant(low), Constant(high)):
            yield _name(path), ("BETWEEN", (low, high))
        case Between(operand, low, high) if isinstance(operand, Reference):
            raise _operands((operand, low, high))
        case Between():
            raise _first_operand("BETWEEN")
        case Call("begins_with", (Reference(path), Constant(value))):
            yield _name(path), ("begins_with", (value,))
        case Call("begins_with", (Reference(), other)):
            raise _operands((Reference(("",)), other))
        case Call("begins_with"):
            raise _first_operand("begins_with")
        case Call(name):
            raise _operator(name)


def _name(path: tuple[str | int, ...]) -> str:
    if len(path) > 1:
        raise invalid("KeyConditionExpressions cannot have conditions on nested attributes")
    return str(path[0])


def _operands(operands: tuple[Operand, ...]) -> ServiceError:
    if any(isinstance(operand, Call) for operand in operands):
        return invalid("KeyConditionExpressions cannot contain nested operations")
    if sum(isinstance(operand, Reference) for operand in operands) > 1:
        return invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
    return invalid("Invalid condition in KeyConditionExpression: No key attribute specified")


def _operator(word: str) -> ServiceError:
    return invalid(f"Invalid operator used in KeyConditionExpression: {word}")


def _first_operand(word: str) -> ServiceError:
    return invalid(
        f"Invalid condition in KeyConditionExpression: {word} operator must have the key attribute as its first operand"
    )
