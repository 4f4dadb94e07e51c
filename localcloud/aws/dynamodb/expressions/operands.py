"""Paths, values and function calls: what all kinds of expressions share."""

from __future__ import annotations

from typing import Final

from localcloud.aws.dynamodb.expressions.tokens import Cursor, ExpressionError
from localcloud.aws.dynamodb.expressions.tree import Call, Operand, Path, Placeholder, Reference

DEEPEST: Final = 40
"""No valid expression nests deeper; without a bound, one of 4 KB could exhaust the stack."""

REDUNDANT: Final = "The expression has redundant parentheses;"


def read_path(cursor: Cursor) -> Path:
    """`a.#b[0]`. Raises ExpressionError."""
    steps: list[str | int] = [_name(cursor)]
    while True:
        if cursor.accept("."):
            steps.append(_name(cursor))
        elif cursor.accept("["):
            if not (cursor.now.text.isascii() and cursor.now.text.isdigit() and len(cursor.now.text) < 10):
                raise cursor.unexpected()
            steps.append(int(cursor.take().text))
            cursor.expect("]")
        else:
            return tuple(steps)


def read_operand(cursor: Cursor, depth: int = 0) -> Operand:
    """A path, a value, a function's call, or one of these in parentheses. Raises ExpressionError."""
    if depth > DEEPEST:
        raise ExpressionError("The expression is nested too deeply;")
    if cursor.now.text == "(":
        cursor.take()
        twice = cursor.now.text == "("
        operand = read_operand(cursor, depth + 1)
        cursor.expect(")")
        if twice:
            raise ExpressionError(REDUNDANT)
        return operand
    if is_value(cursor):
        return Placeholder(cursor.take().text)
    if cursor.now.is_word and cursor.next.text == "(":
        name = cursor.take().text
        return Call(name, read_operands(cursor, depth))
    return Reference(read_path(cursor))


def read_operands(cursor: Cursor, depth: int = 0) -> tuple[Operand, ...]:
    """Operands in parentheses, at least one. Raises ExpressionError."""
    cursor.expect("(")
    found = [read_operand(cursor, depth + 1)]
    while cursor.accept(","):
        found.append(read_operand(cursor, depth + 1))
    cursor.expect(")")
    return tuple(found)


def is_value(cursor: Cursor) -> bool:
    """Whether a `:value` comes next."""
    return cursor.now.text[0] == ":" and len(cursor.now.text) > 1


def _name(cursor: Cursor) -> str:
    token = cursor.now
    if not token.is_word and not (token.text[0] == "#" and len(token.text) > 1):
        raise cursor.unexpected()
    return cursor.take().text
