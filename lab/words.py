"""Choices that a user makes by `WORD:ARGUMENT`, such as how cold starts are forced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from lab.errors import LabError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Generic[T]):
    """`forms`: by its word, the form of a choice, and how it is made of what follows the colon
    (a ValueError: it cannot).

    `what` names the choice in errors, which are of the kind `error`.
    """

    what: str
    error: type[LabError]
    forms: Mapping[str, tuple[str, Callable[[str], T]]]

    def chosen(self, words: str) -> T:
        """What the words choose. Raises `error`, which lists the valid forms."""
        name, _, argument = words.partition(":")
        if name in self.forms and argument.strip():
            form, make = self.forms[name]
            try:
                return make(argument)
            except ValueError:
                raise self.error(f"{words!r} is not {form}") from None
        raise self.error(f"{words!r} is no {self.what}. Valid: {self.listed}")

    @property
    def listed(self) -> str:
        """All forms."""
        return "; ".join(form for form, _ in self.forms.values())


def two(argument: str) -> tuple[str, str]:
    """`FIRST:SECOND`; the first may have colons. Raises ValueError."""
    first, colon, second = argument.rpartition(":")
    if not (first and colon and second):
        raise ValueError(argument)
    return first, second
