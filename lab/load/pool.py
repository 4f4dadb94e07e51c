"""A target's connections during one round: kept alive, at most so many, made when they are needed."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque

from lab.load.connection import Address, Connection, Opening, open_connection


class Pool:
    """Hands out connections, the one that was idle for the shortest time first. Close it when the round is over."""

    def __init__(self, address: Address, limit: int, context: ssl.SSLContext | None = None) -> None:
        self.address = address
        self._context = context or (ssl.create_default_context() if address.secure else None)
        self._idle: list[Connection] = []
        self._free = limit
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> tuple[Connection, Opening | None]:
        """A connection, and what opening it took where it is new. Waits while all are busy. Raises what
        `open_connection` raises; the place is then free again.
        """
        while not self._free:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
        self._free -= 1
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable:
                return connection, None
        try:
            return await open_connection(self.address, self._context)
        except BaseException:
            self._release()
            raise

    def give_back(self, connection: Connection) -> None:
        """After each `take` that returned."""
        if connection.reusable:
            self._idle.append(connection)
        else:
            connection.close()
        self._release()

    def close(self) -> None:
        """Ends all that are idle."""
        while self._idle:
            self._idle.pop().close()

    async def warm_up(self, count: int) -> list[Opening]:
        """Opens so many at once, for the requests to come; what that took. Those that fail are left to them."""
        taken = await asyncio.gather(*(self.take() for _ in range(count)), return_exceptions=True)
        for one in taken:
            if not isinstance(one, BaseException):
                self.give_back(one[0])
        return [one[1] for one in taken if not isinstance(one, BaseException) and one[1] is not None]

    def _release(self) -> None:
        self._free += 1
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
