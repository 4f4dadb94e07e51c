"""One HTTP/1.1 connection, whose phases can be told apart.

The clients of the field hide when a name was known, a connection made or a first byte received, or cost more than a
request may at a thousand a second; so this one is our own, on asyncio and httptools. Requests go one after the other.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import httptools

from lab.load.outcome import ClosedError, TruncatedError

MAX_BODY = 64 * 1024 * 1024


class Address(NamedTuple):
    """Where a target's requests go: `prefix` is the path of its base URL."""

    host: str
    port: int
    secure: bool
    prefix: str

    @classmethod
    def of(cls, url: str) -> Address:
        """From a base URL."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        return cls(parts.hostname or "", parts.port or (443 if secure else 80), secure, parts.path.rstrip("/"))

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


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
        self.served = 0

    async def exchange(self, request: bytes, *, head: bool = False) -> Answer:
        """Sends a request and returns when its answer is whole. `head`: an answer to HEAD has no body.

        Raises ClosedError, TruncatedError, httptools.HttpParserError or an OSError; the connection is then over.
        """
        assert self._transport is not None
        if self._transport.is_closing():
            self.reusable = False
            raise ClosedError
        self._parser = httptools.HttpResponseParser(self)
        self._chunks, self._head, self._until_close = [], head, False
        self._waiter = asyncio.get_running_loop().create_future()
        self._answer = Answer(perf_counter())
        self._transport.write(request)
        try:
            return await self._waiter
        finally:
            self._waiter = None
            self.served += 1

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
        except httptools.HttpParserUpgrade:
            self._fail(httptools.HttpParserError("an upgrade that was not asked for"))
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
        if answer is not None and 100 <= answer.status < 200:  # the final answer is still to come
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


async def open_connection(
    address: Address, context: ssl.SSLContext | None, *, keep_body: bool = False
) -> tuple[Connection, Opening]:
    """A new connection and what opening it took. Raises OSError, socket.gaierror, ssl.SSLError."""
    loop = asyncio.get_running_loop()
    started = perf_counter()
    found = await _addresses(loop, address)
    named = perf_counter()
    sock = await _connected(loop, found)
    connected = perf_counter()
    try:
        _, connection = await loop.create_connection(
            lambda: Connection(keep_body=keep_body),
            sock=sock,
            ssl=context if address.secure else None,
            server_hostname=address.host if address.secure else None,
        )
    except BaseException:
        sock.close()
        raise
    secured = perf_counter()
    name = None if _is_number(address.host) else named - started
    return connection, Opening(name, connected - named, secured - connected if address.secure else None)


async def _addresses(
    loop: asyncio.AbstractEventLoop, address: Address
) -> Sequence[tuple[socket.AddressFamily, tuple[object, ...]]]:
    if _is_number(address.host):
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        return [(family, (address.host, address.port))]
    found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    return [(family, where) for family, _, _, _, where in found]


async def _connected(
    loop: asyncio.AbstractEventLoop, addresses: Sequence[tuple[socket.AddressFamily, tuple[object, ...]]]
) -> socket.socket:
    """The first that takes the connection. Raises the last one's error."""
    failure: OSError = OSError("no address")
    for family, where in addresses:
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await loop.sock_connect(sock, where)
        except OSError as error:
            sock.close()
            failure = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise failure


def _is_number(host: str) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.inet_pton(family, host)
    except OSError:
        return False
    return True


def request_bytes(address: Address, method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A request as it is sent."""
    lines = [f"{method} {address.prefix}{path} HTTP/1.1", f"host: {address.authority}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method in ("POST", "PUT", "PATCH"):
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
