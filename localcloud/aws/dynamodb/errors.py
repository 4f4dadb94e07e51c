"""DynamoDB's errors. Their sentences are the service's own, which programs and people look for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.protocol import ServiceError


def invalid(message: str) -> ServiceError:
    """A request that can never succeed as it is."""
    return ServiceError("ValidationException", message)


def invalid_values(message: str) -> ServiceError:
    """`invalid`, with the opening that most sentences about values have."""
    return invalid(f"One or more parameter values were invalid: {message}")


def malformed(message: str) -> ServiceError:
    """A request whose JSON has the wrong types."""
    return ServiceError("SerializationException", message)


def table_missing(name: str | None = None) -> ServiceError:
    """No such table; only control operations name it."""
    which = f": Table: {name} not found" if name is not None else ""
    return ServiceError("ResourceNotFoundException", f"Requested resource not found{which}")


def in_use(message: str) -> ServiceError:
    """The table is in a state in which it takes no such change."""
    return ServiceError("ResourceInUseException", message)


def condition_failed(item: Mapping[str, Any] | None) -> ServiceError:
    """A condition that does not hold; `item` is what is there, where the caller asked for it."""
    fields = {"Item": item} if item is not None else {}
    return ServiceError("ConditionalCheckFailedException", "The conditional request failed", fields=fields)


def unserved(parameter: str, instead: str) -> ServiceError:
    """A parameter that AWS knows and the local cloud does not."""
    return ServiceError("UnsupportedOperation", f"The local cloud does not serve {parameter}; {instead}", 501)
