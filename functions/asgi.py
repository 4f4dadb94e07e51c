"""Drives one ASGI application in one execution environment; knows no event of AWS.

Its own driver, because the known one (Mangum 0.22) takes 29 ms to import, and more time per request than the
application itself; asks for an event loop that Python 3.14 no longer makes by itself; and starts and stops the
application's lifespan around each request.

What it does in their place:

- The event loop is made at the first request, not on import: SnapStart copies the memory of what was imported, but a
  loop holds file descriptors of the kernel, which a copy does not have. It is then kept for the environment's life.
- So is the lifespan: started at the first request. Connections opened there are its own environment's.
- A request's background work ends before the answer is returned, for Lambda freezes the environment afterwards.

Specification: ASGI 3.0, HTTP 2.4 (https://asgi.readthedocs.io/en/latest/specs/www.html).
"""

import asyncio
import atexit
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from functions.errors import LifespanError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

VERSION = {"version": "3.0", "spec_version": "2.4"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Response:
    """What the application answered, whole. Header names are as the application wrote them, repeats kept."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Server:
    """Serves one request at a time, as Lambda gives them to an environment."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lifespan: _Lifespan | None = None

    def serve(self, scope: Scope, body: bytes) -> Response:
        """One request. ``scope`` is an ASGI HTTP scope; ``state`` is added where the application's lifespan set some.

        What the application raises passes through, so that Lambda counts and logs a failed invocation, unless its
        answer was already complete: then it is logged, and the answer stands.

        :raises LifespanError: where the application refused to start; the next request tries again.
        """
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            atexit.register(self.close)
        if self._lifespan is None:
            self._lifespan = self._loop.run_until_complete(_Lifespan.started(self._application))
        if self._lifespan.state:
            scope["state"] = self._lifespan.state.copy()
        exchange = _Exchange(body)
        return self._loop.run_until_complete(exchange.run(self._application, scope))

    def close(self) -> None:
        """Ends the lifespan and the loop, at the interpreter's exit at the latest. Lambda kills without a word."""
        atexit.unregister(self.close)
        if self._loop is not None:
            if self._lifespan is not None:
                self._loop.run_until_complete(self._lifespan.stop())
            self._loop.close()
        self._loop = self._lifespan = None


class _Exchange:
    """One request and its answer, as the application sees them."""

    __slots__ = ("_body", "_chunks", "_complete", "_ended", "_headers", "_status")

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._status = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._chunks: list[bytes] = []
        self._complete = False
        self._ended: asyncio.Event | None = None

    async def run(self, application: Application, scope: Scope) -> Response:
        try:
            await application(scope, self._receive, self._send)
        except Exception:
            if not self._complete:
                raise
            logger.exception("The application failed after its answer was complete")
        if not self._complete:
            raise RuntimeError("The ASGI application returned before its answer was complete")
        return Response(self._status, self._headers, b"".join(self._chunks))

    async def _receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        # The client is behind the HTTP API and cannot be seen to leave; it is gone once it has its answer.
        if not self._complete:
            self._ended = self._ended or asyncio.Event()
            await self._ended.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start" and not self._status:
            self._status = message["status"]
            self._headers = list(message.get("headers", ()))
        elif kind == "http.response.body" and self._status and not self._complete:
            self._chunks.append(message.get("body", b""))
            if not message.get("more_body", False):
                self._complete = True
                if self._ended is not None:
                    self._ended.set()
        else:
            raise RuntimeError(f"The ASGI application sent {kind!r} out of turn")


class _Lifespan:
    """The application's lifespan, from its start to its stop."""

    def __init__(self, application: Application) -> None:
        self.state: dict[str, Any] = {}
        self._application = application
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        self._started = asyncio.Event()
        self._failure: str | None = None
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def started(cls, application: Application) -> "_Lifespan":
        lifespan = cls(application)
        lifespan._messages.put_nowait({"type": "lifespan.startup"})
        lifespan._task = asyncio.create_task(lifespan._run())
        await lifespan._started.wait()
        if lifespan._failure is not None:
            await lifespan._task
            raise LifespanError(f"the application refused to start: {lifespan._failure or 'it gave no reason'}")
        return lifespan

    async def stop(self) -> None:
        if self._task is not None:
            self._messages.put_nowait({"type": "lifespan.shutdown"})
            await self._task

    async def _run(self) -> None:
        scope: Scope = {"type": "lifespan", "asgi": VERSION, "state": self.state}
        try:
            await self._application(scope, self._messages.get, self._send)
        except Exception:
            # Before its start that means "no lifespan here", by the specification: serve on.
            level = logging.ERROR if self._started.is_set() else logging.DEBUG
            logger.log(level, "The application's lifespan ended with an exception", exc_info=True)
        finally:
            self._started.set()

    async def _send(self, message: Message) -> None:
        if message["type"] == "lifespan.startup.failed":
            self._failure = message.get("message", "")
        self._started.set()
