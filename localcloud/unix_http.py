"""One HTTP request over a Unix socket: how the local cloud's own processes speak to each other."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httptools


async def call(socket: Path, method: str, path: str, body: object = None, *, within: float = 10.0) -> tuple[int, Any]:
    """The status and the decoded JSON (None for an empty body).

    Raises OSError when nobody listens or the peer goes away half-way, TimeoutError after `within` seconds.
    """
    async with asyncio.timeout(within):
        reader, writer = await asyncio.open_unix_connection(socket)
        try:
            writer.write(_request(method, path, body))
            await writer.drain()
            answer = _Answer()
            while not answer.complete:
                chunk = await reader.read(65536)
                if not chunk:
                    raise ConnectionResetError(f"{socket} closed the connection before it had answered {method} {path}")
                answer.parser.feed_data(chunk)
        finally:
            writer.close()
    content = b"".join(answer.body)
    return answer.parser.get_status_code(), json.loads(content) if content else None


def _request(method: str, path: str, body: object) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(content)}\r\nconnection: close\r\n\r\n".encode() + content


class _Answer:
    """Collects what httptools' parser reports, chunked or not."""

    def __init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.body: list[bytes] = []
        self.complete = False

    def on_body(self, data: bytes) -> None:
        self.body.append(data)

    def on_message_complete(self) -> None:
        self.complete = True
