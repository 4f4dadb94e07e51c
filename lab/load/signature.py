"""Signed requests, by Standard Webhooks 1.0 (https://www.standardwebhooks.com): each anew, as its time counts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
from collections.abc import Mapping

from lab.errors import InvalidScenarioError
from lab.scenario import Signature

_PREFIX = "whsec_"


def signed(signature: Signature, identity: str, body: bytes) -> Mapping[str, str]:
    """The three headers of a message."""
    moment = str(int(time.time()))
    content = b".".join((identity.encode(), moment.encode(), body))
    made = base64.b64encode(hmac.new(key_of(signature), content, hashlib.sha256).digest()).decode()
    return {"webhook-id": identity, "webhook-timestamp": moment, "webhook-signature": f"v1,{made}"}


def is_available(signature: Signature) -> bool:
    """Whether the key's variable is set."""
    return bool(os.environ.get(signature.key_variable))


def key_of(signature: Signature) -> bytes:
    """The key. Raises InvalidScenarioError, which does not show it."""
    value = os.environ.get(signature.key_variable, "")
    prefix, text = value[: len(_PREFIX)], value[len(_PREFIX) :]
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if prefix != _PREFIX or not key:
        raise InvalidScenarioError(
            f"the variable {signature.key_variable} has no signing key of the form {_PREFIX}BASE64"
        )
    return key
