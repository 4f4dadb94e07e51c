"""One HTTP/1.1 connection, whose phases can be told apart.

The clients of the field hide when a name was known, a connection made or a first byte received, or cost more than a
request may at a thousand a second; so this one is our own, on asyncio and httptools. Requests go one after the other.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple, cast

import httptools

from lab.load.outcome import ClosedError, TruncatedError, UnsentError

MAX_BODY = 64 * 1024 * 1024


class Opening(NamedTuple):
    """Seconds that a new connection took; `tls` is None over TCP, `name` for a numeric address."""

    name: float | None
    connect: float
    tls: float | None


@dataclass(slots=True)
class Answer:
    """What came back. `sent`, when the request left, `first_byte` and `ended` are times of `perf_counter`."""

    sent: float
    first_byte: float = 0.0
    ended: float = 0.0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    received: int = 0
    body: bytes = b""


class Connection(asyncio.Protocol):
    """Made by `open_connection`. `reusable` says whether another request may follow."""

    def __init__(self, *, keep_body: bool = False) -> None:
        self._keep_body = keep_body
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._answer: Answer | None = None
        self._waiter: asyncio.Future[Answer] | None = None
        self._chunks: list[bytes] = []
        self._head = False
        self._until_close = False
        self.reusable = True

    async def exchange(self, request: bytes, *, patience: float, head: bool = False) -> Answer:
        """Sends a request and returns when its answer is whole. `head`: an answer to HEAD has no body.

        Raises UnsentError, ClosedError, TruncatedError, TimeoutError after `patience` seconds,
        httptools.HttpParserError or an OSError; the connection is then over.
        """
        assert self._transport is not None
        if self._transport.is_closing():
            self.reusable = False
            raise UnsentError
        loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._chunks, self._head, self._until_close = [], head, False
        self._waiter = loop.create_future()
        # Before the bytes leave: they may have arrived, and be worked on, before the call returns.
        self._answer = Answer(perf_counter())
        self._transport.write(request)
        # A timer of its own: asyncio.timeout costs several times as much, for each of a thousand requests a second.
        timer = loop.call_later(max(0.0, patience), self._fail, TimeoutError())
        try:
            return await self._waiter
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            timer.cancel()
            self._waiter = None

    def close(self) -> None:
        """Ends it at once."""
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()

    # asyncio.Protocol
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        answer = self._answer
        if answer is None or self._parser is None or self._waiter is None:
            self.close()  # bytes that no request asked for
            return
        if not answer.first_byte:
            answer.first_byte = perf_counter()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # not asked for: its status says so, and no other request may follow
            self.reusable = False
        except httptools.HttpParserError as error:
            self._fail(error)

    def eof_received(self) -> None:
        self._ends(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ends(exc)

    # httptools
    def on_header(self, name: bytes, value: bytes) -> None:
        assert self._answer is not None
        self._answer.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        assert self._answer is not None
        assert self._parser is not None
        self._answer.status = self._parser.get_status_code()
        headers = self._answer.headers
        bodiless = self._head or self._answer.status in (204, 304)
        counted = "content-length" in headers or "chunked" in headers.get("transfer-encoding", "")
        self._until_close = not bodiless and not counted and self._answer.status >= 200
        if not self._parser.should_keep_alive():
            self.reusable = False
        if self._head and self._answer.status >= 200:
            self._complete()

    def on_body(self, data: bytes) -> None:
        assert self._answer is not None
        self._answer.received += len(data)
        if self._keep_body and self._answer.received <= MAX_BODY:
            self._chunks.append(data)

    def on_message_complete(self) -> None:
        answer = self._answer
        if answer is not None and 100 <= answer.status < 200 and answer.status != 101:  # the final answer is to come
            self._answer = Answer(answer.sent, answer.first_byte)
            return
        self._complete()

    def _complete(self) -> None:
        answer, waiter = self._answer, self._waiter
        if answer is None or waiter is None or waiter.done():
            return
        answer.ended = perf_counter()
        answer.body = b"".join(self._chunks)
        self._answer = None
        waiter.set_result(answer)

    def _ends(self, error: Exception | None) -> None:
        self.reusable = False
        answer = self._answer
        if answer is None:
            return
        if self._until_close and error is None:
            self._complete()
        elif error is not None and not answer.first_byte:
            self._fail(error)
        else:
            self._fail(TruncatedError() if answer.first_byte else ClosedError())

    def _fail(self, error: Exception) -> None:
        waiter = self._waiter
        self._answer = None
        self.close()
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)
