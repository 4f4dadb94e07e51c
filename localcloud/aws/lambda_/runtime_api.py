"""The Lambda Runtime API of one environment, on a loopback port of its own.

Shapes: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. Requests are parsed by hand: this is the hottest
path of the local cloud, and its clients are libcurl and http.client in awslambdaric, which always send Content-Length.
"""

from __future__ import annotations

import asyncio
from typing import Protocol, cast

_PREFIX = b"/2018-06-01/runtime/"
_INVOCATION = _PREFIX + b"invocation/"
_NEXT = b"GET /2018-06-01/runtime/invocation/next "
_RESPONSE_LIMIT = 6 * 1024 * 1024 + 100
_BODY_LIMIT = 32 * 1024 * 1024
_ACCEPTED = b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"status":"OK"}\n'


class Runtime(Protocol):
    """What the API tells its environment."""

    def polled(self) -> None:
        """The runtime asks for its next event."""

    def awaited(self) -> bool:
        """Whether an event waits for the runtime's next poll."""

    def answered(self, request_id: str, body: bytes) -> bool:
        """The result of an invocation. False if there is no such invocation, or it was too large."""

    def raised(self, request_id: str, body: bytes) -> bool:
        """The error of an invocation."""

    def initialisation_failed(self, body: bytes) -> None:
        """The function could not be initialised, or not be restored from its snapshot."""


class RuntimeApi:
    """Serves one environment."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.parked: _Connection | None = None
        self.connections: set[_Connection] = set()
        self.address = ""
        self.host = b""
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listens on a free port; `address` is then `127.0.0.1:PORT`."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        self.host = b"\nhost: " + self.address.encode() + b"\r"

    def send(self, head: bytes, payload: bytes) -> None:
        """Hands the next event to the parked poll. `head` has the event's headers, each with its line end."""
        connection, self.parked = self.parked, None
        assert connection is not None, "no poll is parked"
        connection.write(b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (head, len(payload), payload))

    def close(self) -> None:
        """Stops listening and drops all connections."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections):
            connection.drop()


class _Connection(asyncio.Protocol):
    __slots__ = ("_api", "_buffer", "_needed", "_transport")

    def __init__(self, api: RuntimeApi) -> None:
        self._api = api
        self._buffer = b""
        self._needed = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._api.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._api.connections.discard(self)
        if self._api.parked is self:
            self._api.parked = None

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def drop(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer = data = self._buffer + data if self._buffer else data
        if len(data) < self._needed:
            return
        end = data.find(b"\r\n\r\n")
        if end < 0:
            if len(data) > 65536 * 32:
                self.drop()
            return
        head = data[: end + 2]
        lower = head.lower()
        if self._api.host not in lower or b"\norigin:" in lower or b"\nsec-fetch-" in lower:
            # A page in the user's browser, perhaps by a name that resolves to loopback.
            self._reply(b"403 Forbidden", b'{"errorMessage":"Forbidden","errorType":"Forbidden"}')
            self._buffer = b""
            if self._transport is not None:
                self._transport.close()
            return
        length = 0
        at = lower.find(b"\ncontent-length:")
        if at >= 0:
            text = lower[at + 16 : lower.find(b"\r", at)].strip()
            length = int(text) if text.isdigit() else _BODY_LIMIT + 1
        if length > _BODY_LIMIT or b"\ntransfer-encoding:" in lower:
            self._reply(b"413 Payload Too Large", b'{"errorType":"RequestEntityTooLarge"}')
            self.drop()
            return
        self._needed = end + 4 + length
        if len(data) < self._needed:
            if b"\nexpect: 100-continue" in lower and len(data) == end + 4:
                self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return
        body = data[end + 4 : self._needed]
        self._buffer, self._needed = data[self._needed :], 0
        self._handle(head, body)
        if self._buffer:
            self.data_received(b"")

    def _handle(self, head: bytes, body: bytes) -> None:
        api = self._api
        if head.startswith(_NEXT):
            api.parked = self
            api.runtime.polled()
            return
        method, _, rest = head.partition(b" ")
        path = rest.partition(b" ")[0]
        if method != b"POST" or not path.startswith(_PREFIX):
            self._reply(b"404 Not Found", b'{"errorType":"NotFound"}')
        elif path.startswith(_INVOCATION):
            request_id, _, action = path[len(_INVOCATION) :].decode("latin-1").partition("/")
            if action == "response":
                known = api.runtime.answered(request_id, body)
            else:
                known = action == "error" and api.runtime.raised(request_id, body)
            if known:
                if api.runtime.awaited():
                    self.write(_ACCEPTED)
                else:  # the caller's answer, which is scheduled already, goes out first: that is the latency seen
                    asyncio.get_running_loop().call_soon(self.write, _ACCEPTED)
            elif len(body) > _RESPONSE_LIMIT:
                self._reply(b"413 Payload Too Large", b'{"errorType":"RequestEntityTooLarge"}')
            else:
                self._reply(b"400 Bad Request", b'{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}')
        elif path in (_PREFIX + b"init/error", _PREFIX + b"restore/error"):
            api.runtime.initialisation_failed(body)
            self.write(_ACCEPTED)
        else:
            self._reply(b"404 Not Found", b'{"errorType":"NotFound"}')

    def _reply(self, status: bytes, body: bytes) -> None:
        length = len(body)
        self.write(
            b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (status, length, body)
        )
