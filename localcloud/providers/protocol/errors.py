"""Errors of a provider.

ProviderError                 anything to show to the user as it is
├─ EndpointRefusedError       an endpoint that is missing or not on this machine
├─ ServiceFailureError        the cloud refused a call; carries its own code
└─ InitialisationFailedError  the resource exists, but not in full: state keeps it, and the next update repairs it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ProviderError(Exception):
    """Shown to the user as it is: what, where, and what to do next."""


class EndpointRefusedError(ProviderError):
    """An endpoint that is missing or not on this machine."""


class ServiceFailureError(ProviderError):
    """The cloud refused a call. `code` is its own: `ResourceConflictException`, `10021`."""

    def __init__(self, operation: str, code: str, message: str, status: int) -> None:
        super().__init__(f"{operation}: {code}: {message} (HTTP {status})")
        self.operation = operation
        self.code = code
        self.message = message
        self.status = status


class InitialisationFailedError(ProviderError):
    """Created, but a later step failed. `outputs` are what is known of it."""

    def __init__(self, resource_id: str, outputs: Mapping[str, Any], reason: str) -> None:
        super().__init__(reason)
        self.resource_id = resource_id
        self.outputs = dict(outputs)
