"""multipart/form-data (RFC 7578): read in any order of parts, and written."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

_PARAMETER = re.compile(r';\s*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))')
# How WHATWG form encoding writes what would end the quoted name early.
_ESCAPES = {"%22": '"', "%0D": "\r", "%0A": "\n"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `content_type` is empty where the sender gave none, `filename` None for a plain field."""

    name: str
    filename: str | None
    content_type: str
    content: bytes


class MultipartError(ValueError):
    """The body is not what its content-type header says."""


def parse(body: bytes, content_type: str) -> list[Part]:
    """The parts in order. Raises MultipartError."""
    kind, parameters = _header_value(content_type)
    boundary = parameters.get("boundary", "")
    if kind != "multipart/form-data" or not boundary:
        raise MultipartError("the content type must be multipart/form-data with a boundary")
    delimiter = b"\r\n--" + boundary.encode("latin-1")
    # The first delimiter has no line end before it; with one put there all are alike.
    pieces = (b"\r\n" + body).split(delimiter)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise MultipartError("the body has no closing boundary")
    return [_part(piece) for piece in pieces[1:-1]]


def render(parts: Iterable[Part]) -> tuple[bytes, str]:
    """The body and its content type."""
    boundary = secrets.token_hex(16)
    pieces = []
    for part in parts:
        filename = f'; filename="{_escape(part.filename)}"' if part.filename is not None else ""
        head = f'--{boundary}\r\ncontent-disposition: form-data; name="{_escape(part.name)}"{filename}\r\n'
        if part.content_type:
            head += f"content-type: {part.content_type}\r\n"
        pieces.append(head.encode() + b"\r\n" + part.content + b"\r\n")
    return b"".join(pieces) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _part(piece: bytes) -> Part:
    # What follows a delimiter up to the line end is padding; then headers, an empty line, the content.
    head, separator, content = piece.partition(b"\r\n\r\n")
    if not separator:
        raise MultipartError("a part has no empty line after its headers")
    headers = {}
    for line in head.decode("utf-8", "replace").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    kind, parameters = _header_value(headers.get("content-disposition", ""))
    if kind != "form-data" or "name" not in parameters:
        raise MultipartError("a part has no content-disposition with a name")
    return Part(parameters["name"], parameters.get("filename"), headers.get("content-type", ""), content)


def _header_value(text: str) -> tuple[str, dict[str, str]]:
    kind = text.partition(";")[0].strip().lower()
    parameters = {}
    for match in _PARAMETER.finditer(text):
        quoted = match[2]
        parameters[match[1].lower()] = match[3] if quoted is None else _unescape(quoted)
    return kind, parameters


def _unescape(text: str) -> str:
    text = re.sub(r'\\(["\\])', r"\1", text)
    return re.sub("%22|%0D|%0A", lambda found: _ESCAPES[found[0]], text)


def _escape(text: str) -> str:
    for escaped, plain in _ESCAPES.items():
        text = text.replace(plain, escaped)
    return text
