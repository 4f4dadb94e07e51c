"""A target's connections during one round: kept alive, at most so many, made when they are needed."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque

from lab.load.address import Address
from lab.load.connection import Connection, Opening
from lab.load.opening import open_connection
from lab.load.outcome import ConnectTimeoutError


class Pool:
    """Hands out connections, the one that was idle for the shortest time first. Close it when the round is over."""

    def __init__(self, address: Address, limit: int, context: ssl.SSLContext | None = None) -> None:
        self.address = address
        self._context = context or (ssl.create_default_context() if address.secure else None)
        self._idle: list[Connection] = []
        self._free = limit
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()

    async def take(self, patience: float) -> tuple[Connection, Opening | None]:
        """A connection, and what opening it took where it is new. Those who come while all are busy wait in line.

        Raises TimeoutError after `patience` seconds in line, and what `open_connection` raises; the place is then free.
        """
        asked = asyncio.get_running_loop().time()
        waited = not self._free
        connection = await self._in_line(patience) if waited else self._at_once()
        if connection is not None and connection.reusable:
            return connection, None
        try:
            spent = asyncio.get_running_loop().time() - asked
            return await open_connection(self.address, self._context, patience=patience - spent)
        except ConnectTimeoutError as error:
            self._pass_on(None)
            # After a wait in line, what was left of the patience says nothing about connecting.
            raise (TimeoutError() if waited else error) from None
        except BaseException:
            self._pass_on(None)
            raise

    async def replace(self, connection: Connection, patience: float) -> tuple[Connection, Opening]:
        """A new one in the place of one that turned out to be over. Raises what `open_connection` raises; the place is
        then still the old one's.
        """
        connection.close()
        return await open_connection(self.address, self._context, patience=patience)

    def give_back(self, connection: Connection) -> None:
        """After each `take` that returned."""
        if connection.reusable:
            self._pass_on(connection)
        else:
            connection.close()
            self._pass_on(None)

    def close(self) -> None:
        """Ends all that are idle."""
        while self._idle:
            self._idle.pop().close()

    async def warm_up(self, count: int, patience: float) -> list[Opening]:
        """Opens so many at once, for the requests to come; what that took. Those that fail are left to them."""
        taken = await asyncio.gather(*(self.take(patience) for _ in range(count)), return_exceptions=True)
        openings: list[Opening] = []
        for one in taken:
            if not isinstance(one, BaseException):
                connection, opening = one
                self.give_back(connection)
                openings += [opening] if opening is not None else []
        return openings

    def _at_once(self) -> Connection | None:
        """A place, with a connection where one is idle."""
        self._free -= 1
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable:
                return connection
        return None

    async def _in_line(self, patience: float) -> Connection | None:
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(patience):
                return await turn
        except BaseException:
            if turn.done() and not turn.cancelled():  # it came at the same moment, and is the next one's
                self._pass_on(turn.result())
            raise

    def _pass_on(self, connection: Connection | None) -> None:
        """A place, and its connection, to the first in line: who comes later does not overtake."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return
        if connection is not None:
            self._idle.append(connection)
        self._free += 1
