"""The grammar of conditions (Developer Guide, "Condition and filter expressions"). NOT binds before AND before OR."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, cast

from localcloud.aws.dynamodb.expressions.operands import DEEPEST, REDUNDANT, read_operand, read_operands
from localcloud.aws.dynamodb.expressions.tokens import END, Cursor, ExpressionError
from localcloud.aws.dynamodb.expressions.tree import Among, Between, Both, Call, Comparator, Compare, Condition, Not

MOST_OPERATORS: Final = 300
MOST_OPTIONS: Final = 100
_COMPARATORS: Final = frozenset({"=", "<>", "<", "<=", ">", ">="})
_KEYWORDS: Final = ("AND", "OR", "NOT", "BETWEEN", "IN")


@lru_cache(maxsize=512)
def read_condition(text: str) -> Condition:
    """The tree of a condition, key condition or filter. Raises ExpressionError."""
    reader = _Reader(text)
    found = reader.alternatives(0)
    if reader.cursor.now.text != END:
        raise reader.cursor.unexpected()
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.cursor = Cursor(text)
        self._operators = 0

    def _count(self, more: int = 1) -> None:
        self._operators += more
        if self._operators > MOST_OPERATORS:
            raise ExpressionError(f"The expression contains too many operators; operator count: {self._operators}")

    def alternatives(self, depth: int) -> Condition:
        return self._chain("OR", depth)

    def _chain(self, operator: Literal["OR", "AND"], depth: int) -> Condition:
        found = self._chain("AND", depth) if operator == "OR" else self._negation(depth)
        while self.cursor.now.is_keyword(operator):
            self.cursor.take()
            self._count()
            found = Both(operator, found, self._chain("AND", depth) if operator == "OR" else self._negation(depth))
        return found

    def _negation(self, depth: int) -> Condition:
        count = 0
        while self.cursor.now.is_keyword("NOT"):
            self.cursor.take()
            count += 1
        self._count(count)
        found = self._primary(depth)
        # Two negations are none; a chain of them must not become a tower.
        return Not(found) if count % 2 else found

    def _primary(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise ExpressionError(REDUNDANT if self.cursor.now.text == "(" else "The expression is nested too deeply;")
        if self.cursor.now.text == "(" and self._holds_condition():
            twice = self.cursor.next.text == "("
            self.cursor.take()
            start = self.cursor.now
            found = self.alternatives(depth + 1)
            redundant = twice and self._closes(start.start)
            self.cursor.expect(")")
            if redundant:
                raise ExpressionError(REDUNDANT)
            return found
        return self._predicate(depth)

    def _holds_condition(self) -> bool:
        """Whether the parenthesis at hand holds a condition, and not an operand: `(a = b)`, not `(a) = b`."""
        level = 0
        for token in self.cursor.rest():
            if token.text == "(":
                level += 1
            elif token.text == ")":
                level -= 1
                if level == 0:
                    return False
            elif token.text in _COMPARATORS or token.text in _CONDITIONS or token.is_keyword(*_KEYWORDS):
                return True
        return False

    def _closes(self, start: int) -> bool:
        """Whether the parenthesis that opened at `start` is the one that was closed just now."""
        level = 0
        for token in self.cursor.read():
            if token.start < start:
                continue
            level += (token.text == "(") - (token.text == ")")
            if level == 0:
                return token == self.cursor.last
        return False

    def _predicate(self, depth: int) -> Condition:
        cursor = self.cursor
        if cursor.now.is_keyword(*_KEYWORDS):
            raise cursor.unexpected()
        left = read_operand(cursor, depth)
        if cursor.now.text in _COMPARATORS:
            operator = cast("Comparator", cursor.take().text)
            self._count()
            return Compare(operator, left, read_operand(cursor, depth))
        if cursor.now.is_keyword("BETWEEN"):
            cursor.take()
            self._count()
            low = read_operand(cursor, depth)
            if not cursor.now.is_keyword("AND"):
                raise cursor.unexpected()
            cursor.take()
            return Between(left, low, read_operand(cursor, depth))
        if cursor.now.is_keyword("IN"):
            cursor.take()
            self._count()
            options = read_operands(cursor, depth)
            if len(options) > MOST_OPTIONS:
                count = len(options) + 1
                raise ExpressionError(
                    f"The IN operator is provided with too many operands; number of operands: {count}"
                )
            return Among(left, options)
        if isinstance(left, Call):
            self._count()
            return left
        raise cursor.unexpected()


_CONDITIONS: Final = frozenset(
    {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"}
)
