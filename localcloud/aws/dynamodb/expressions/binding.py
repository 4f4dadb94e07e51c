"""A tree with one request's names and values put in, and every rule checked that needs no item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from localcloud.aws.dynamodb.expressions.placeholders import Placeholders
from localcloud.aws.dynamodb.expressions.tokens import ExpressionError
from localcloud.aws.dynamodb.expressions.tree import (
    Action,
    Among,
    Arithmetic,
    Between,
    Both,
    Call,
    Compare,
    Condition,
    Constant,
    Not,
    Operand,
    Path,
    Placeholder,
    Reference,
    shown,
)
from localcloud.aws.dynamodb.values import Value, kind_of, rank

TYPES: Final = ("N", "BS", "L", "B", "NULL", "M", "S", "SS", "NS", "BOOL")
_ORDERED: Final = frozenset({"S", "N", "B"})
_CONDITION_CALLS: Final = {
    "attribute_exists": 1, "attribute_not_exists": 1, "attribute_type": 2, "begins_with": 2, "contains": 2, "size": 1,
}  # fmt: skip
_UPDATE_CALLS: Final = {"if_not_exists": 2, "list_append": 2}
_LONG: Final[Mapping[str, str]] = {
    "S": "STRING", "N": "NUMBER", "B": "BINARY", "NULL": "NULL", "BOOL": "BOOLEAN", "L": "LIST", "M": "MAP",
    "SS": "STRING_SET", "NS": "NUMBER_SET", "BS": "BINARY_SET",
}  # fmt: skip


def bind_condition(tree: Condition, found: Placeholders) -> Condition:
    """Raises ExpressionError."""
    match tree:
        case Both():
            return replace(tree, left=bind_condition(tree.left, found), right=bind_condition(tree.right, found))
        case Not():
            return Not(bind_condition(tree.inner, found))
        case Call():
            if tree.name == "size":
                raise _misplaced(tree)
            return _condition_call(tree, found)
        case Compare():
            left, right = _operands((tree.left, tree.right), found)
            _distinct(tree.operator, (left, right))
            if tree.operator not in {"=", "<>"}:
                _need(tree.operator, (left, right), _ORDERED)
            return replace(tree, left=left, right=right)
        case Between():
            operand, low, high = _operands((tree.operand, tree.low, tree.high), found)
            _need("BETWEEN", (operand, low, high), _ORDERED)
            _bounds(low, high)
            return Between(operand, low, high)
        case Among():
            operand, *options = _operands((tree.operand, *tree.options), found)
            _distinct("IN", (operand, *options))
            return Among(operand, tuple(options))


def bind_update(actions: tuple[Action, ...], found: Placeholders) -> tuple[Action, ...]:
    """Raises ExpressionError."""
    bound: list[Action] = []
    paths = [found.path(action.path) for action in actions]
    apart(paths)
    for action, path in zip(actions, paths, strict=True):
        value = None if action.value is None else _update_operand(action.value, found)
        if action.section in {"ADD", "DELETE"} and isinstance(value, Constant):
            _settable(action.section, value.value)
        bound.append(Action(action.section, path, value))
    return tuple(bound)


def bind_projection(paths: Iterable[Path], found: Placeholders) -> tuple[Path, ...]:
    """Raises ExpressionError."""
    bound = [found.path(path) for path in paths]
    apart(bound)
    return tuple(bound)


def apart(paths: list[Path]) -> None:
    """Raises ExpressionError where of two paths one leads into the other, or they disagree on what is a list."""
    for index, later in enumerate(paths):
        for earlier in paths[:index]:
            steps = list(zip(earlier, later, strict=False))
            parting = next((pair for pair in steps if pair[0] != pair[1]), None)
            if parting is not None and type(parting[0]) is type(parting[1]):
                continue
            how = "overlap" if parting is None else "conflict"
            raise ExpressionError(
                f"Two document paths {how} with each other; must remove or rewrite one of these paths; "
                f"path one: {shown(earlier)}, path two: {shown(later)}"
            )


def _condition_call(call: Call, found: Placeholders) -> Call:
    wanted = _CONDITION_CALLS.get(call.name)
    if wanted is None:
        if call.name in _UPDATE_CALLS:
            raise ExpressionError(f"The function is not allowed in a condition expression; function: {call.name}")
        raise ExpressionError(f"Invalid function name; function: {call.name}")
    arguments = _operands(call.arguments, found)
    _count(call, wanted)
    _distinct(call.name, arguments)
    match call.name:
        case "attribute_exists" | "attribute_not_exists":
            _place(call, arguments[0])
        case "begins_with":
            _need(call.name, arguments, frozenset({"S", "B"}))
        case "attribute_type":
            _place(call, arguments[0])
            _type_name(call, arguments[1])
        case "size":
            _need(call.name, arguments, frozenset(TYPES) - {"N", "BOOL", "NULL"})
    return Call(call.name, arguments)


def _operands(operands: Iterable[Operand], found: Placeholders) -> tuple[Operand, ...]:
    bound: list[Operand] = []
    for operand in operands:
        if isinstance(operand, Call):
            call = _condition_call(operand, found)
            if call.name != "size":
                raise _misplaced(call)
            bound.append(call)
        else:
            bound.append(_plain(operand, found))
    return tuple(bound)


def _update_operand(operand: Operand, found: Placeholders, inside: str = "") -> Operand:
    if isinstance(operand, Arithmetic):
        left, right = _update_operand(operand.left, found), _update_operand(operand.right, found)
        _need(operand.operator, (left, right), frozenset({"N"}))
        return Arithmetic(operand.operator, left, right)
    if not isinstance(operand, Call):
        return _plain(operand, found)
    wanted = _UPDATE_CALLS.get(operand.name)
    if wanted is None:
        if operand.name in _CONDITION_CALLS:
            raise ExpressionError(f"The function is not allowed in an update expression; function: {operand.name}")
        raise ExpressionError(f"Invalid function name; function: {operand.name}")
    if inside and operand.name != "if_not_exists":
        raise _misplaced(operand)
    arguments = tuple(_update_operand(argument, found, operand.name) for argument in operand.arguments)
    _count(operand, wanted)
    if operand.name == "if_not_exists":
        _place(operand, arguments[0])
    else:
        _need(operand.name, arguments, frozenset({"L"}))
    return Call(operand.name, arguments)


def _plain(operand: Operand, found: Placeholders) -> Operand:
    if isinstance(operand, Reference):
        return Reference(found.path(operand.path))
    return Constant(found.value(operand.name)) if isinstance(operand, Placeholder) else operand


def _kind(operand: Operand) -> str | None:
    """The type, where it is known without an item."""
    if isinstance(operand, Constant):
        return kind_of(operand.value)
    return "N" if isinstance(operand, Call) and operand.name == "size" else None


def _need(name: str, operands: Iterable[Operand], allowed: frozenset[str]) -> None:
    for operand in operands:
        kind = _kind(operand)
        if kind is not None and kind not in allowed:
            raise ExpressionError(
                f"Incorrect operand type for operator or function; operator or function: {name}, operand type: {kind}"
            )


def _count(call: Call, wanted: int) -> None:
    if len(call.arguments) != wanted:
        raise ExpressionError(
            "Incorrect number of operands for operator or function; "
            f"operator or function: {call.name}, number of operands: {len(call.arguments)}"
        )


def _place(call: Call, operand: Operand) -> None:
    if not isinstance(operand, Reference):
        raise ExpressionError(f"Operator or function requires a document path; operator or function: {call.name}")


def _distinct(name: str, operands: tuple[Operand, ...]) -> None:
    first = operands[0]
    if isinstance(first, Reference) and first in operands[1:]:
        raise ExpressionError(
            "The first operand must be distinct from the remaining operands for this operator or function; "
            f"operator: {name}, first operand: {shown(first.path)}"
        )


def _type_name(call: Call, operand: Operand) -> None:
    kind = _kind(operand)
    if kind != "S" or not isinstance(operand, Constant):
        what = kind or "{" + ",".join(TYPES) + "}"
        raise ExpressionError(
            f"Incorrect operand type for operator or function; operator or function: {call.name}, operand type: {what}"
        )
    if operand.value["S"] not in TYPES:
        valid = ",".join(TYPES)
        raise ExpressionError(
            f"Invalid attribute type name found; type: {operand.value['S']}, valid types: {{{valid}}}"
        )


def _bounds(low: Operand, high: Operand) -> None:
    if not isinstance(low, Constant) or not isinstance(high, Constant):
        return
    text = f"lower bound operand: {_shown(low.value)}, upper bound operand: {_shown(high.value)}"
    if kind_of(low.value) != kind_of(high.value):
        raise ExpressionError(f"The BETWEEN operator requires same data type for lower and upper bounds; {text}")
    if (rank(low.value) or b"") > (rank(high.value) or b""):
        raise ExpressionError(
            f"The BETWEEN operator requires upper bound to be greater than or equal to lower bound; {text}"
        )


def _settable(section: str, value: Value) -> None:
    kind = kind_of(value)
    if kind not in {"SS", "NS", "BS"} and not (section == "ADD" and kind == "N"):
        raise ExpressionError(
            f"Incorrect operand type for operator or function; operator: {section}, "
            f"operand type: {_LONG[kind]}, typeSet: ALLOWED_FOR_{section}_OPERAND"
        )


def _shown(value: Value) -> str:
    kind, inner = next(iter(value.items()))
    return f"AttributeValue: {{{kind}:{inner}}}"


def _misplaced(call: Call) -> ExpressionError:
    return ExpressionError(f"The function is not allowed to be used this way in an expression; function: {call.name}")
