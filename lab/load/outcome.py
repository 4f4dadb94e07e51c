"""What can become of a request, in words that a report can use."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import httptools

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "refused": "the connection was refused",
        "no-name": "the name was not found",
        "unreachable": "the host cannot be reached",
        "tls": "the TLS handshake failed",
        "connect-timeout": "no connection came about in time",
        "timeout": "no whole answer came in time",
        "reset": "the connection was closed before an answer",
        "truncated": "the answer was cut off in the middle of its body",
        "garbage": "what came is not HTTP",
        "redirected": "the answer is a redirect, which is not followed",
        "generator": "the lab itself could not send it: this machine has no files, ports or memory left for it",
    }
)
"""Beside these, `status-NNN`: an answer of a status that was not expected."""


class TruncatedError(Exception):
    """The connection ended in the middle of an answer."""


class ClosedError(Exception):
    """The connection ended before the first byte of an answer."""


class UnsentError(ClosedError):
    """The connection had ended before a byte of the request was sent."""


class ConnectTimeoutError(TimeoutError):
    """No connection in time."""


# The most special first: several of these are OSErrors.
_ERRORS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (TruncatedError, "truncated"),
    (ClosedError, "reset"),
    (ConnectionResetError, "reset"),
    (ConnectionAbortedError, "reset"),
    (BrokenPipeError, "reset"),
    (httptools.HttpParserError, "garbage"),
    (ssl.SSLError, "tls"),
    (ConnectTimeoutError, "connect-timeout"),
    (TimeoutError, "timeout"),
    (socket.gaierror, "no-name"),
    (ConnectionRefusedError, "refused"),
)

# What this machine lacks, and no target can be blamed for.
_OUR_OWN: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM})


def kind_of(error: BaseException) -> str:
    """The kind of what went wrong while connecting, sending or reading."""
    if isinstance(error, OSError) and error.errno in _OUR_OWN:
        return "generator"
    fallback = "unreachable" if isinstance(error, OSError) else "generator"
    return next((kind for known, kind in _ERRORS if isinstance(error, known)), fallback)


def of_status(status: int, expected: tuple[int, ...]) -> str:
    """Empty where the status was expected."""
    if status in expected:
        return ""
    return "redirected" if 300 <= status < 400 and status != 304 else f"status-{status}"


def in_words(kind: str) -> str:
    """A kind as a sentence's end."""
    return KINDS.get(kind) or f"the answer had the status {kind.removeprefix('status-')}"
