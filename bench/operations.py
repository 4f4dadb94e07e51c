"""What is asked of each deployment: the requests of one operation, ready to be sent again and again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bench.event import BODY
from bench.load import Prepared

_JSON: Final = {"content-type": "application/json"}
_KEYS = 64
_MESSAGES = 4000

Maker = Callable[[str], Sequence[Prepared]]
"""Takes the senders' webhook key (whsec_…)."""


def echo(_key: str) -> Sequence[Prepared]:
    """`POST /echo`."""
    return [Prepared("POST", "/echo", BODY, _JSON)]


def item_writes(_key: str) -> Sequence[Prepared]:
    """Unconditional writes of 206 bytes to some keys."""
    return [Prepared("PUT", f"/items/bench-{number}", BODY, _JSON) for number in range(_KEYS)]


def item_reads(_key: str) -> Sequence[Prepared]:
    """Reads of what `item_writes` has written."""
    return [Prepared("GET", f"/items/bench-{number}") for number in range(_KEYS)]


def prompts(_key: str) -> Sequence[Prepared]:
    """A short prompt."""
    return [Prepared("POST", "/ai", json.dumps({"prompt": "Say a word.", "max_tokens": 16}), _JSON)]


def webhooks(key: str) -> Sequence[Prepared]:
    """Signed messages, each with an id of its own until they start again: first a write each, then replays.

    Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    secret = base64.b64decode(key.removeprefix("whsec_"))
    moment = int(time.time())
    return [_signed(secret, f"msg_{moment}{number:08}", str(moment)) for number in range(_MESSAGES)]


def _signed(secret: bytes, identity: str, moment: str) -> Prepared:
    digest = hmac.digest(secret, f"{identity}.{moment}.{BODY}".encode(), hashlib.sha256)
    signature = f"v1,{base64.b64encode(digest).decode()}"
    headers = {"webhook-id": identity, "webhook-timestamp": moment, "webhook-signature": signature}
    return Prepared("POST", "/webhooks/bench", BODY, {**_JSON, **headers})


CAPABILITIES: Final[Mapping[str, Maker]] = {
    "item write": item_writes,
    "item read": item_reads,
    "AI, a model that answers at once": prompts,
    "verified webhook": webhooks,
}
"""By what the benchmark's rows call them; reads come after the writes that they need."""
