"""`idle:SECONDS`: no request for so long that the platform ends its instances."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Idle:
    """Works on any URL that nobody else uses; how long it takes is the platform's secret."""

    name = "idle"
    together = 1
    settles = 0.0

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.description = f"No request for {seconds:g} s, then one; it counts where a new instance answered."

    @asynccontextmanager
    async def forced(self, count: int) -> AsyncIterator[AsyncIterator[None]]:
        """Waits before each."""

        async def times() -> AsyncIterator[None]:
            for _ in range(count):
                await asyncio.sleep(self._seconds)
                yield

        yield times()
