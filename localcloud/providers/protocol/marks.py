"""Secrets taken off for the work and put back afterwards; unknowns looked for at any depth."""

from __future__ import annotations

from typing import Any

from localcloud.providers.protocol.values import OutputValue, Secret, Unknown


def reveal(value: Any) -> Any:
    """The value without any secret or output mark."""
    match value:
        case Secret() | OutputValue():
            return reveal(value.value)
        case dict():
            return {key: reveal(item) for key, item in value.items()}
        case list():
            return [reveal(item) for item in value]
        case _:
            return value


def conceal(value: Any, like: Any) -> Any:
    """`value` with each secret mark that `like` has at the same place."""
    match like:
        case Secret():
            return Secret(conceal(value, like.value))
        case OutputValue():
            hidden = conceal(value, like.value)
            return Secret(hidden) if like.secret else hidden
        case dict() if isinstance(value, dict):
            return {key: conceal(item, like.get(key)) for key, item in value.items()}
        case list() if isinstance(value, list):
            padded = like + [None] * (len(value) - len(like))
            return [conceal(item, old) for item, old in zip(value, padded, strict=False)]
        case _:
            return value


def has_unknown(value: Any) -> bool:
    """Whether the value, or any part of it, is known only after the update."""
    match value:
        case Unknown():
            return True
        case Secret() | OutputValue():
            return has_unknown(value.value)
        case dict():
            return any(has_unknown(item) for item in value.values())
        case list():
            return any(has_unknown(item) for item in value)
        case _:
            return False


def has_secret(value: Any) -> bool:
    """Whether the value, or any part of it, is secret."""
    match value:
        case Secret():
            return True
        case OutputValue():
            return value.secret or has_secret(value.value)
        case dict():
            return any(has_secret(item) for item in value.values())
        case list():
            return any(has_secret(item) for item in value)
        case _:
            return False
