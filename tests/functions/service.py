"""A service of AWS for tests of adapters: answers what it is told, over real connections, which it counts."""

from __future__ import annotations

import binascii
import json
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: JSON, or bytes as they are. `delay` in seconds; `cut` breaks the connection off after the body."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    cut: bool = False

    @classmethod
    def error(cls, code: str, message: str = "…", status: int = 400, **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls({"__type": code, "message": message}, status, {"x-amzn-errortype": code, **named})


@dataclass(slots=True)
class Service:
    """Answers with `replies` in order, the last of them for ever; keeps each request's parsed body."""

    replies: list[Reply] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    connections: int = 0
    port: int = 0


@contextmanager
def serving() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            service.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            asked = json.loads(body)
            service.requests.append({"path": self.path, "target": self.headers.get("x-amz-target"), "body": asked})
            reply = service.replies.pop(0) if len(service.replies) > 1 else service.replies[0]
            time.sleep(reply.delay)
            content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content) + (99 if reply.cut else 0)))
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:
                return
            self.close_connection = reply.cut

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def environment(monkeypatch: pytest.MonkeyPatch, service: Service) -> None:
    """What Lambda gives a function, with every service at this one."""
    for name, value in {
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{service.port}",
    }.items():
        monkeypatch.setenv(name, value)


def event(kind: str, content: Mapping[str, Any], *, exception: bool = False) -> bytes:
    """One message of `application/vnd.amazon.eventstream`."""
    headers = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
        for name, value in (
            (":exception-type" if exception else ":event-type", kind),
            (":content-type", "application/json"),
            (":message-type", "exception" if exception else "event"),
        )
    )
    payload = json.dumps(content).encode()
    prelude = struct.pack(">II", 12 + len(headers) + len(payload) + 4, len(headers))
    message = prelude + struct.pack(">I", binascii.crc32(prelude)) + headers + payload
    return message + struct.pack(">I", binascii.crc32(message))
