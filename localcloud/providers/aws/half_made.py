"""Failures after the thing came into being."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from localcloud.providers.protocol.errors import InitialisationFailedError, ProviderError


@contextmanager
def existing(resource_id: str, inputs: Mapping[str, Any]) -> Iterator[None]:
    """Turns a failure within into one that keeps the resource in state, for the next update to finish."""
    try:
        yield
    except ProviderError as error:
        raise InitialisationFailedError(resource_id, inputs, str(error)) from error
