"""Expressions cut into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MOST_BYTES: Final = 4096
END: Final = "<EOF>"
_TOKEN: Final = re.compile(r"[#:][A-Za-z0-9_]+|[0-9]+|[A-Za-z_][A-Za-z0-9_]*|<=|>=|<>|[=<>()\[\],.+-]|\S")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class ExpressionError(Exception):
    """What is wrong with an expression, without the expression's name."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text, and where it starts."""

    text: str
    start: int

    @property
    def is_word(self) -> bool:
        """Whether it can be an attribute's name, a function's or a keyword."""
        return _WORD.fullmatch(self.text) is not None

    def is_keyword(self, *words: str) -> bool:
        """Whether it is one of these keywords, in any case."""
        return self.text.upper() in words


class Cursor:
    """Walks over the tokens of one expression. Past the end there is END for ever."""

    def __init__(self, text: str) -> None:
        if not text:
            raise ExpressionError("The expression can not be empty;")
        size = len(text.encode(errors="surrogatepass"))
        if size > MOST_BYTES:
            raise ExpressionError(f"Expression size has exceeded the maximum allowed size; expression size: {size}")
        self._text = text
        self._tokens = _cut(text)
        self._at = 0

    @property
    def now(self) -> Token:
        """The token to be read next."""
        return self._tokens[min(self._at, len(self._tokens) - 1)]

    @property
    def next(self) -> Token:
        """The one after `now`."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Reads a token."""
        token = self.now
        self._at += 1
        return token

    def accept(self, text: str) -> bool:
        """Reads the token if it is this one."""
        if self.now.text != text:
            return False
        self._at += 1
        return True

    def expect(self, text: str) -> None:
        """Reads this token. Raises ExpressionError."""
        if not self.accept(text):
            raise self.unexpected()

    @property
    def last(self) -> Token:
        """The token that was read last."""
        return self._tokens[max(self._at - 1, 0)]

    def rest(self) -> tuple[Token, ...]:
        """All tokens that were not read yet."""
        return self._tokens[self._at :]

    def read(self) -> tuple[Token, ...]:
        """All tokens that were read."""
        return self._tokens[: self._at]

    def unexpected(self) -> ExpressionError:
        """The syntax error at `now`, with its neighbours as the service shows them."""
        index = min(self._at, len(self._tokens) - 1)
        first = self._tokens[max(index - 1, 0)]
        last = self._tokens[min(index + 1, len(self._tokens) - 1)]
        end = last.start if last.text == END else last.start + len(last.text)
        near = self._text[first.start : end] or self._text
        return ExpressionError(f'Syntax error; token: "{self.now.text}", near: "{near}"')


@lru_cache(maxsize=512)
def _cut(text: str) -> tuple[Token, ...]:
    found = tuple(Token(match[0], match.start()) for match in _TOKEN.finditer(text))
    return (*found, Token(END, len(text)))
