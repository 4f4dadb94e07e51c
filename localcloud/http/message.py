"""What a front door receives and answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Request:
    """One request, read completely. Header values are latin-1, as bytes of any kind may stand in them."""

    method: str
    path: str  # as sent: percent-encoded, without the query
    query: str  # as sent, without "?"
    headers: list[tuple[str, str]]  # names in lower case, in order, repeats kept
    body: bytes
    client: str  # the peer's address; empty on a Unix socket

    def header(self, name: str) -> str | None:
        """The first header of that (lower-case) name."""
        for found, value in self.headers:
            if found == name:
                return value
        return None


@dataclass(slots=True)
class Response:
    """One answer. The server adds date, content-length and connection; it drops those that a handler sets itself.

    With `chunks` (and no `body`) the answer is sent as it is made: each chunk at once, the next one asked for when the
    peer has room for it. The iterator is closed when the peer goes away; where it raises, the connection breaks off,
    so that no peer takes the part for the whole.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    chunks: AsyncIterator[bytes] | None = None


Handler = Callable[[Request], Awaitable[Response]]


def json_response(status: int, value: Any) -> Response:
    """An answer in JSON."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return Response(status, [("content-type", "application/json")], body)
