"""`burst:N`: more requests at once than there are instances."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Burst:
    """Works on any URL. New instances start beside one another and share what they start on; instances of the burst
    before answer the next one, so that only the first meets many.
    """

    name = "burst"
    settles = 0.0

    def __init__(self, together: int) -> None:
        self.together = together
        self.description = (
            f"{together} requests at once, more than there were instances; those that a new instance answered count. "
            "Instances that start at the same time may slow each other down."
        )

    @asynccontextmanager
    async def forced(self, count: int) -> AsyncIterator[AsyncIterator[None]]:
        """Nothing has to be done before a burst."""

        async def times() -> AsyncIterator[None]:
            for _ in range(count):
                yield

        yield times()
