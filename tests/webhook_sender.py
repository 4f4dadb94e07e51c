"""A sender of webhooks by the Standard Webhooks specification, written apart from the application's own code."""

import base64
import hashlib
import hmac
import time

ANY_SOURCE = b"a key that signs for any source!"
SHOP_ONLY = b"a key that signs for shop alone!"


def whsec(key: bytes) -> str:
    """A key as it is given to people."""
    return "whsec_" + base64.b64encode(key).decode()


KEYS = f"{whsec(ANY_SOURCE)} shop={whsec(SHOP_ONLY)}"
"""The secret `webhookKeys` of each engine of ours."""


def signature(key: bytes, identity: str, timestamp: int | str, body: bytes) -> str:
    """One signature of the scheme v1."""
    signed = f"{identity}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signed(key: bytes, identity: str, body: bytes, *, age: int = 0) -> dict[str, str]:
    """The headers of an attempt that was made `age` seconds ago."""
    timestamp = int(time.time()) - age
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(key, identity, timestamp, body),
    }
