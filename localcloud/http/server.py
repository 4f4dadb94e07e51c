"""Listening, limits, the sweep for slow peers, and an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from localcloud.http.connection import Connection
from localcloud.http.message import Handler

_BACKLOG = 1024
_SWEEP_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds. `head_bytes` counts target and header values, as API Gateway does."""

    head_bytes: int = 10_240
    body_bytes: int = 10 * 1024 * 1024
    head_seconds: float = 20.0  # from a connection's first byte to the end of the head
    body_seconds: float = 120.0  # from there to the end of the body
    idle_seconds: float = 75.0  # a kept-alive connection without a request
    write_seconds: float = 60.0  # a peer that does not read its answer
    linger_seconds: float = 2.0  # after a refusal, for what the peer still sends


class Server:
    """A running server. `port` is 0 on a Unix socket."""

    def __init__(self, handler: Handler, limits: Limits, *, cancel_on_disconnect: bool) -> None:
        self.handler = handler
        self.limits = limits
        self.cancel_on_disconnect = cancel_on_disconnect
        self.loop = asyncio.get_running_loop()
        self.now = self.loop.time
        self.connections: set[Connection] = set()
        self.closing = False
        self.date = formatdate(usegmt=True)
        self.port = 0
        self._listener: asyncio.Server | None = None
        self._socket_path: Path | None = None
        self._sweeper = self.loop.create_task(self._sweep())

    async def listen(self, host: str, port: int, socket_path: str | None) -> None:
        """Opens the port or the socket. Raises OSError (EADDRINUSE among them)."""
        if socket_path is not None:
            self._socket_path = Path(socket_path)
            with contextlib.suppress(FileNotFoundError):
                self._socket_path.unlink()
            self._listener = await self.loop.create_unix_server(self._connect, socket_path, backlog=_BACKLOG)
            self._socket_path.chmod(0o600)
            return
        # Both event loops set TCP_NODELAY on what they accept, and SO_REUSEADDR on what they bind.
        self._listener = await self.loop.create_server(self._connect, host, port, backlog=_BACKLOG)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def close(self, grace_seconds: float = 2.0) -> None:
        """Accepts nothing more, lets requests in flight finish within the grace, then ends all connections."""
        self.closing = True
        if self._listener is not None:
            self._listener.close()
        for connection in list(self.connections):
            if connection.idle:
                connection.close()
        end = self.now() + grace_seconds
        while self.connections and self.now() < end:  # noqa: ASYNC110 - each answer would have to set an event
            await asyncio.sleep(0.01)
        for connection in list(self.connections):
            connection.cancel()
        self._sweeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._sweeper
        if self._socket_path is not None:
            self._socket_path.unlink(missing_ok=True)

    def _connect(self) -> Connection:
        return Connection(self)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            self.date = formatdate(time.time(), usegmt=True)
            now = self.now()
            for connection in list(self.connections):
                if connection.deadline < now:
                    connection.expire()


async def serve(
    handler: Handler,
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    socket_path: str | None = None,
    limits: Limits | None = None,
    cancel_on_disconnect: bool = False,
) -> Server:
    """Serves until `close()`; on a Unix socket where `socket_path` is given. Raises OSError where the port is taken.

    With `cancel_on_disconnect` a handler is cancelled when its peer goes away (for long polls); without, it runs to its
    end, as a cloud's API does.
    """
    server = Server(handler, limits or Limits(), cancel_on_disconnect=cancel_on_disconnect)
    try:
        await server.listen(host, port, socket_path)
    except BaseException:
        await server.close(0)
        raise
    return server
