"""One connection: bytes in, requests to the handler one after the other, answers out in the same order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

import httptools

from localcloud.http.message import Request, Response
from localcloud.http.wire import CONTINUE, LAST_CHUNK, InvalidHeaderError, encode, frame, has_chunks, refusal

if TYPE_CHECKING:
    from localcloud.http.server import Server

_log = logging.getLogger(__name__)
_MAX_PIPELINED = 16
_COMMON = (
    b"accept accept-encoding accept-language authorization connection content-length content-type cookie expect host"
    b" origin referer user-agent x-amz-content-sha256 x-amz-date x-amz-target x-forwarded-for transfer-encoding"
)
_NAMES = {form: name.decode() for name in _COMMON.split() for form in (name, name.title())}


class Connection(asyncio.Protocol):
    """Reads, bounds and orders. `deadline` is when the server's sweep ends a peer that is too slow (loop time)."""

    __slots__ = (
        "_body",
        "_client",
        "_expects",
        "_head_done",
        "_head_size",
        "_headers",
        "_in_message",
        "_keep_alive",
        "_parser",
        "_paused",
        "_queue",
        "_refused",
        "_room",
        "_server",
        "_size",
        "_streaming",
        "_task",
        "_transport",
        "_url",
        "deadline",
    )

    def __init__(self, server: Server) -> None:
        self._server = server
        self._parser = httptools.HttpRequestParser(self)
        self._queue: deque[tuple[Request, bool, bool]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._refused = self._paused = self._in_message = self._expects = self._head_done = self._streaming = False
        self._room: asyncio.Future[None] | None = None  # what a stream waits for while the peer does not read
        self._keep_alive = True
        self._head_size = self._size = 0
        self._url = b""
        self._headers: list[tuple[str, str]] = []
        self._body: list[bytes] = []
        self._client = ""
        self.deadline = server.now() + server.limits.head_seconds

    # the transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._client = peer[0] if isinstance(peer, tuple) else ""
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        self._refused = True
        self._queue.clear()
        if self._task is not None and (self._server.cancel_on_disconnect or self._streaming):
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._url == b"" and not self._in_message and self._task is None:
            self.deadline = self._server.now() + self._server.limits.head_seconds
        self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._keep_alive = False
        except httptools.HttpParserError:
            self._refuse(400)
        if self._head_size > self._server.limits.head_bytes * 4 and not self._refused:
            self._refuse(431)  # a single header line that never ends

    def pause_writing(self) -> None:
        self._paused = True
        self.deadline = self._server.now() + self._server.limits.write_seconds

    def resume_writing(self) -> None:
        self._paused = False
        if self._room is not None and not self._room.done():
            self.deadline = float("inf")
            self._room.set_result(None)
        self._next()

    # the parser's side

    def on_message_begin(self) -> None:
        self._url, self._headers, self._body = b"", [], []
        self._size = 0
        self._in_message = True
        self._head_done = False

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head_done:
            return  # a trailer: it must not pass for a header that was checked
        self._size += len(value)
        if self._size + len(self._url) > self._server.limits.head_bytes:
            self._refuse(431)
            return
        text = _NAMES.get(name) or name.decode("latin-1").lower()
        self._headers.append((text, value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        self._head_size = self._size = 0
        self._head_done = True
        if self._refused:
            return
        status = self._check_head()
        if status:
            self._refuse(status)
            return
        self.deadline = self._server.now() + self._server.limits.body_seconds
        if self._expects and self._task is None:
            self._transport.write(CONTINUE)
            self._expects = False

    def on_body(self, body: bytes) -> None:
        self._head_size = 0
        self._size += len(body)
        if self._size > self._server.limits.body_bytes:
            self._refuse(413)
        elif not self._refused:
            self._body.append(body)

    def on_message_complete(self) -> None:
        self._head_size = 0
        self._in_message = self._expects = False
        if self._refused:
            return
        parser = self._parser
        method = parser.get_method().decode("latin-1")
        target = self._url.decode("latin-1")
        if not target.startswith("/"):
            target = self._origin_form(method, target)
            if not target:
                self._refuse(400)
                return
        path, _, query = target.partition("?")
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        request = Request(method, path, query, self._headers, body, self._client)
        self._url = b""
        http_10 = parser.get_http_version() == "1.0"
        self._queue.append((request, parser.should_keep_alive(), http_10))
        if len(self._queue) >= _MAX_PIPELINED:
            self._transport.pause_reading()
        if self._task is None:
            self._next()

    def _check_head(self) -> int:
        """A status to refuse with, or 0. Where two parsers could disagree on a message's end, it is refused."""
        hosts = lengths = encodings = 0
        for name, value in self._headers:
            if name == "host":
                hosts += 1
            elif name == "content-length":
                lengths += 1
                if not (value.isascii() and value.isdigit()):
                    return 400
                if int(value) > self._server.limits.body_bytes:
                    return 413
            elif name == "transfer-encoding":
                encodings += 1
                if value.lower() != "chunked":
                    return 400
            elif name == "expect":
                if value.lower() != "100-continue":
                    return 417
                self._expects = True
        if hosts > 1 or (hosts == 0 and self._parser.get_http_version() != "1.0") or lengths + encodings > 1:
            return 400
        return 0

    def _origin_form(self, method: str, target: str) -> str:
        """The path of an absolute-form target, whose authority then is the Host (RFC 9112, 3.2.2); else empty."""
        scheme, mark, rest = target.partition("://")
        if not mark or scheme.lower() != "http" or method == "CONNECT":
            return ""
        authority, slash, path = rest.partition("/")
        if not authority or "?" in authority or "@" in authority:
            return ""
        others = [header for header in self._headers if header[0] != "host"]
        self._headers[:] = [("host", authority), *others]
        return slash + path or "/"

    # the handler's side

    def _next(self) -> None:
        if self._queue and self._task is None and not self._paused:
            request, keep_alive, http_10 = self._queue.popleft()
            if len(self._queue) == _MAX_PIPELINED - 1:
                self._transport.resume_reading()
            self.deadline = float("inf")
            self._task = self._server.loop.create_task(self._answer(request, keep_alive, http_10))

    async def _answer(self, request: Request, keep_alive: bool, http_10: bool) -> None:
        server = self._server
        try:
            response = await server.handler(request)
        except asyncio.CancelledError:
            self._transport.abort()
            self._task = None
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the peer gets an answer and the log the cause
            _log.exception("the handler failed on %s", request.method)
            response = refusal(500)
        keep_alive = keep_alive and self._keep_alive and not server.closing
        if response.chunks is not None:
            keep_alive = await self._stream(response, request.method, keep_alive, http_10)
        self._task = None
        if self._transport.is_closing():
            return
        if response.chunks is None:
            self._write(response, request.method, keep_alive, http_10)
        if not keep_alive:
            self._linger()
            return
        self.deadline = server.now() + server.limits.idle_seconds
        if self._queue:
            self._next()
        elif self._expects:
            self._transport.write(CONTINUE)
            self._expects = False

    async def _stream(self, response: Response, method: str, keep_alive: bool, http_10: bool) -> bool:
        """Head and chunks; whether the connection can be kept. Ends the connection where the chunks break off."""
        chunks = response.chunks
        assert chunks is not None
        self._streaming = True
        keep_alive = keep_alive and not http_10
        try:
            async with aclosing(chunks):  # type: ignore[type-var]
                if self._transport.is_closing():
                    return False
                written = self._write(response, method, keep_alive, http_10)
                if not written or not has_chunks(response, method):
                    return keep_alive
                async for chunk in chunks:
                    if chunk:
                        self._transport.write(frame(chunk, http_10=http_10))
                    if self._paused:
                        self._room = self._server.loop.create_future()
                        await self._room
            self._transport.write(b"" if http_10 else LAST_CHUNK)
        except asyncio.CancelledError:
            self._transport.abort()
            self._task = None
            raise
        except Exception:  # noqa: BLE001 - the head is sent: what is left to say is that this is not all
            _log.exception("an answer to %s broke off", method)
            self._transport.abort()
        finally:
            self._streaming = False
        return keep_alive

    def _write(self, response: Response, method: str, keep_alive: bool, http_10: bool) -> bool:
        """Whether it was the handler's answer, and not a 500 in its place, that was written."""
        date, good = self._server.date, True
        try:
            data = encode(response, method=method, date=date, keep_alive=keep_alive, http_10=http_10)
        except InvalidHeaderError:
            _log.exception("the handler's answer was not sent")
            good = False
            data = encode(refusal(500), method=method, date=date, keep_alive=keep_alive, http_10=http_10)
        self._transport.write(data)
        return good

    def _refuse(self, status: int) -> None:
        """Answers at once where nothing is in flight (the peer's order would break otherwise), and reads no more."""
        if self._refused:
            return
        self._refused = True
        if self._task is None and not self._queue:
            self._write(refusal(status), "GET", keep_alive=False, http_10=False)
            self._linger()
        else:
            self._keep_alive = False

    def _linger(self) -> None:
        """Says goodbye, but swallows what still comes for a moment: a reset would destroy the answer on its way."""
        self._refused = True
        self._queue.clear()
        if self._in_message and self._transport.can_write_eof():
            self._transport.write_eof()
            self.deadline = self._server.now() + self._server.limits.linger_seconds
        else:
            self._transport.close()
            self.deadline = self._server.now() + self._server.limits.write_seconds

    # the server's side

    @property
    def idle(self) -> bool:
        """Whether no request is being read or answered."""
        return self._task is None and not self._queue and not self._in_message

    def expire(self) -> None:
        """The sweep found the deadline passed."""
        if self._in_message and not self._refused and self._task is None:
            self._refuse(408)
        else:
            self._transport.abort()

    def cancel(self) -> None:
        """Ends the connection and what it does."""
        if self._task is not None:
            self._task.cancel()
        self._transport.abort()

    def close(self) -> None:
        """Closes an idle connection."""
        self._transport.close()
