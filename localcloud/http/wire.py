"""Answers as bytes: one block of head and body, so that no write ever waits for an acknowledgement."""

from __future__ import annotations

from http import HTTPStatus

from localcloud.http.message import Response, json_response

_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}
_OURS = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive", "date"})
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class InvalidHeaderError(ValueError):
    """A header of an answer holds a line break or another control character that would split the answer."""


def refusal(status: int) -> Response:
    """The answer to a request that never reached the handler, in the shape of AWS's HTTP API."""
    # The phrase of 413 is another one in newer Pythons.
    return json_response(
        status, {"message": "Request Entity Too Large" if status == 413 else HTTPStatus(status).phrase}
    )


def has_chunks(response: Response, method: str) -> bool:
    """Whether chunks are to follow the head."""
    return response.chunks is not None and method != "HEAD" and response.status not in {204, 304}


def frame(chunk: bytes, *, http_10: bool) -> bytes:
    """A chunk on the wire; for HTTP/1.0, which knows none, as it is, up to the connection's end."""
    return chunk if http_10 else b"%x\r\n%b\r\n" % (len(chunk), chunk)


LAST_CHUNK = b"0\r\n\r\n"


def encode(response: Response, *, method: str, date: str, keep_alive: bool, http_10: bool) -> bytes:
    """Head and body, or the head where chunks follow. HEAD, 204 and 304 have no body. Raises InvalidHeaderError."""
    head = _STATUS_LINES.get(response.status) or f"HTTP/1.1 {response.status} Status\r\n"
    lines = 2
    told: str | None = None
    for name, value in response.headers:
        if name in _OURS or (name := name.lower()) in _OURS:
            if name == "content-length":
                told = value
            continue
        head += f"{name}: {value}\r\n"
        lines += 1
    framing, body = _framing(response, method, told, http_10=http_10)
    if framing:
        head += framing
        lines += 1
    if not keep_alive:
        head += "connection: close\r\n"
        lines += 1
    elif http_10:
        head += "connection: keep-alive\r\n"
        lines += 1
    head += f"date: {date}\r\n"
    if head.count("\n") != lines or head.count("\r") != lines or "\0" in head:
        raise InvalidHeaderError("a header of the answer holds a control character")
    try:
        return head.encode("latin-1") + b"\r\n" + body
    except UnicodeEncodeError:
        return head.encode() + b"\r\n" + body


def _framing(response: Response, method: str, told: str | None, *, http_10: bool) -> tuple[str, bytes]:
    """The header that says where the body ends, and the body. `told` is the length that the handler itself gives."""
    if has_chunks(response, method):
        return "" if http_10 else "transfer-encoding: chunked\r\n", b""
    status, body = response.status, response.body
    if method == "HEAD" or status == 304:
        unknown = response.chunks is not None and told is None
        length, body = None if unknown else str(len(body)) if body or told is None else told, b""
    elif status == 204 or status < 200:
        length, body = None, b""
    else:
        length = str(len(body))
    return "" if length is None else f"content-length: {length}\r\n", body
