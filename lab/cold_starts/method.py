"""What a way to force cold starts is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Method(Protocol):
    """`name` is the word that chooses it, `description` what it does, for the report; `together` how many requests are
    then sent at once. For `settles` seconds after it was forced a request may still meet an old instance, and is
    followed by another one.
    """

    name: str
    description: str
    together: int
    settles: float

    def forced(self, count: int) -> AbstractAsyncContextManager[AsyncIterator[None]]:
        """An iterator that forces `count` times and yields after each, when the next request is to be sent. Leaving the
        context puts everything back, also half-way. Raises ColdStartRefusedError.
        """
