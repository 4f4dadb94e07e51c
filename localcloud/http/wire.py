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
    return json_response(status, {"message": HTTPStatus(status).phrase})


def encode(response: Response, *, method: str, date: str, keep_alive: bool, http_10: bool) -> bytes:
    """Head and body. HEAD, 204 and 304 have no body. Raises InvalidHeaderError."""
    status, body = response.status, response.body
    head = _STATUS_LINES.get(status) or f"HTTP/1.1 {status} Status\r\n"
    lines = 2
    length: str | None = None
    for name, value in response.headers:
        if name in _OURS or (name := name.lower()) in _OURS:
            if name == "content-length":
                length = value
            continue
        head += f"{name}: {value}\r\n"
        lines += 1
    if method == "HEAD" or status == 304:
        if body or length is None:
            length = str(len(body))
        body = b""
    elif status == 204 or status < 200:
        length, body = None, b""
    else:
        length = str(len(body))
    if length is not None:
        head += f"content-length: {length}\r\n"
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
