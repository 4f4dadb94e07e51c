"""Signatures of webhooks by the Standard Webhooks specification, version 1.0.0, symmetric scheme ``v1``.

Specification: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. HMAC-SHA256
over ``ID.TIMESTAMP.BODY``; a header may have several signatures and a source several keys, so that keys are rotated
without a pause. Neither id nor timestamp may have a full stop: what is signed then falls apart in one way only.
"""

import hashlib
import hmac
import logging
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from starlette.datastructures import Headers

from app.errors import InvalidWebhookError

TOLERANCE_SECONDS = 300

# No comma either: where a header is sent twice, some servers join the two with one.
_ID = re.compile(r"[!-+\-/-~]{1,256}")
_TIMESTAMP = re.compile("[0-9]{1,15}")
_SIGNATURES = re.compile(r"[0-9A-Za-z]+,[0-9A-Za-z+/=_-]+(?: +[0-9A-Za-z]+,[0-9A-Za-z+/=_-]+)*")
_SCHEME = "v1,"
_PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignedHeaders:
    """What the three headers say; nothing of it is verified yet. ``timestamp`` is in seconds of the epoch, as sent."""

    id: str
    timestamp: str
    signatures: Sequence[bytes]

    def within_tolerance(self, now: float) -> bool:
        """Whether the attempt was made at most five minutes before or after ``now``."""
        return abs(now - int(self.timestamp)) <= TOLERANCE_SECONDS

    def fit(self, body: bytes, keys: Sequence[bytes]) -> bool:
        """Whether one of the signatures was made with one of the keys. How long this takes tells nothing of either."""
        content = f"{self.id}.{self.timestamp}.".encode() + body
        found = False
        for key in keys:
            expected = b64encode(hmac.new(key, content, hashlib.sha256).digest())
            for signature in self.signatures:
                found |= hmac.compare_digest(expected, signature)
        return found


def read_signed_headers(headers: Headers) -> SignedHeaders:
    """The headers of a webhook.

    :raises InvalidWebhookError: where one is missing, repeated or malformed.
    """
    identity = _only(
        headers, "webhook-id", _ID, "1 to 256 printable ASCII characters, none a space, comma or full stop"
    )
    timestamp = _only(headers, "webhook-timestamp", _TIMESTAMP, "whole seconds of the epoch")
    signatures = _only(headers, "webhook-signature", _SIGNATURES, "signatures such as v1,BASE64, separated by spaces")
    ours = (signature for signature in signatures.split(" ") if signature.startswith(_SCHEME))
    return SignedHeaders(identity, timestamp, [signature.removeprefix(_SCHEME).encode() for signature in ours])


def keys_of(source: str, secret: str) -> Sequence[bytes]:
    """The keys that a source may sign with.

    :param secret: keys as ``whsec_BASE64``, or ``SOURCE=whsec_BASE64`` for one source alone, separated by white space.
        What is no key is passed over and named by its place in the log, so that a slip in one takes no other along.
    """
    return [key for owner, key in _keys(secret) if owner in (None, source)]


@lru_cache(maxsize=2)  # the keys now and those after a rotation: each is read, and complained of, once
def _keys(secret: str) -> Sequence[tuple[str | None, bytes]]:
    keys: list[tuple[str | None, bytes]] = []
    for place, entry in enumerate(secret.split(), start=1):
        owner, separator, text = (None, "=", entry) if entry.startswith(_PREFIX) else entry.partition("=")
        key = _decoded(text) if separator and text.startswith(_PREFIX) else b""
        if len(key) in _KEY_BYTES:
            keys.append((owner, key))
        else:
            logger.error(
                "Entry %d of the webhooks' keys is no whsec_ with 24 to 64 bytes in base64; it is unused", place
            )
    return keys


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text.removeprefix(_PREFIX), validate=True)
    except ValueError:
        return b""


def _only(headers: Headers, name: str, rule: re.Pattern[str], words: str) -> str:
    lines = headers.getlist(name)
    if len(lines) != 1 or rule.fullmatch(lines[0]) is None:
        raise InvalidWebhookError(f"The header {name} is missing, repeated or malformed. It holds {words}.")
    return lines[0]
