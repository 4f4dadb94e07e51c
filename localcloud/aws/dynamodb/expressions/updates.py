"""The grammar of updates (Developer Guide, "Using update expressions")."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, cast

from localcloud.aws.dynamodb.expressions.operands import is_value, read_operand, read_path
from localcloud.aws.dynamodb.expressions.tokens import END, Cursor, ExpressionError
from localcloud.aws.dynamodb.expressions.tree import Action, Arithmetic, Operand, Path, Placeholder

_SECTIONS: Final = ("SET", "REMOVE", "ADD", "DELETE")

Section = Literal["SET", "REMOVE", "ADD", "DELETE"]


@lru_cache(maxsize=512)
def read_update(text: str) -> tuple[Action, ...]:
    """The actions of an update. Raises ExpressionError."""
    cursor = Cursor(text)
    found: list[Action] = []
    seen: list[str] = []
    while cursor.now.text != END or not seen:
        if not cursor.now.is_keyword(*_SECTIONS):
            raise cursor.unexpected()
        section = cast("Section", cursor.take().text.upper())
        seen.append(section)
        found.append(_action(cursor, section))
        while cursor.accept(","):
            found.append(_action(cursor, section))
    twice = next((section for section in seen if seen.count(section) > 1), None)
    if twice is not None:
        raise ExpressionError(f'The "{twice}" section can only be used once in an update expression;')
    return tuple(found)


@lru_cache(maxsize=512)
def read_projection(text: str) -> tuple[Path, ...]:
    """The paths of a projection. Raises ExpressionError."""
    cursor = Cursor(text)
    found = [read_path(cursor)]
    while cursor.accept(","):
        found.append(read_path(cursor))
    if cursor.now.text != END:
        raise cursor.unexpected()
    return tuple(found)


def _action(cursor: Cursor, section: Section) -> Action:
    path = read_path(cursor)
    if section == "REMOVE":
        return Action(section, path)
    if section == "SET":
        cursor.expect("=")
        return Action(section, path, _value(cursor))
    if not is_value(cursor):
        raise cursor.unexpected()
    return Action(section, path, Placeholder(cursor.take().text))


def _value(cursor: Cursor) -> Operand:
    """An operand, a sum or a difference, or one of these in parentheses."""
    if cursor.now.text == "(" and _holds_sum(cursor):
        cursor.take()
        found = _sum(cursor)
        cursor.expect(")")
        return found
    return _sum(cursor)


def _sum(cursor: Cursor) -> Operand:
    left = read_operand(cursor)
    if cursor.now.text not in {"+", "-"}:
        return left
    operator = cast('Literal["+", "-"]', cursor.take().text)
    return Arithmetic(operator, left, read_operand(cursor))


def _holds_sum(cursor: Cursor) -> bool:
    level = 0
    for token in cursor.rest():
        level += (token.text == "(") - (token.text == ")")
        if level == 0:
            return False
        if token.text in {"+", "-"}:
            return True
    return False
