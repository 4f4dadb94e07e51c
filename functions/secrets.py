"""The Secrets port on AWS: AWS Secrets Manager, read once an environment, and again when a value has grown old.

A call blocks the event loop. An environment serves one request at a time, so there is nobody whom that would hold up.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from functions.clients import called
from functions.errors import ServiceError

if TYPE_CHECKING:
    from functions.clients import Clients

SERVICE = "secretsmanager"
KEPT_SECONDS: Final = 300
"""After a rotation without redeployment the old value may be in use that long."""
REREAD_SECONDS: Final = 10
"""Calls to the cloud that strangers' requests can cause are bounded by that."""

# What passes by itself: while it lasts a known value is served on. Everything else (no right, no such secret, a key
# that is gone) means that the value is no longer ours to use.
PASSING: Final = frozenset(
    {
        "ThrottlingException",
        "InternalServiceError",
        "ServiceUnavailableException",
        "RequestTimeout",
        "ReadTimeoutError",
        "ConnectTimeoutError",
        "EndpointConnectionError",
        "ConnectionClosedError",
    }
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    value: str = field(repr=False)
    read_at: float
    tried_at: float


class SecretsManagerSecrets:
    """Secret values by their declared names.

    :param arns: for each declared name the secret's ARN.
    :param clock: seconds that never go back.
    """

    def __init__(self, clients: Clients, arns: Mapping[str, str], clock: Callable[[], float] = time.monotonic) -> None:
        self._clients = clients
        self._arns = arns
        self._clock = clock
        self._known: dict[str, _Known] = {}

    async def read(self, name: str) -> str:
        """The value, at most KEPT_SECONDS old. Raises KeyError for a name that is not declared."""
        return self._read(name, KEPT_SECONDS)

    async def reread(self, name: str) -> str:
        """The value, at most REREAD_SECONDS old."""
        return self._read(name, REREAD_SECONDS)

    def _read(self, name: str, most_seconds: int) -> str:
        arn = self._arns[name]
        known = self._known.get(name)
        now = self._clock()
        if known is not None and (now - known.read_at < most_seconds or now - known.tried_at < REREAD_SECONDS):
            return known.value
        try:
            answer = called(SERVICE, self._clients.client(SERVICE).get_secret_value, SecretId=arn)
        except ServiceError as error:
            if known is None or error.code not in PASSING:
                raise
            logger.warning("The secret %s could not be read again (%s); its known value stays in use", name, error.code)
            self._known[name] = replace(known, tried_at=now)
            return known.value
        value: str = answer["SecretString"]
        self._known[name] = _Known(value, read_at=now, tried_at=now)
        return value
