"""From the user's words to a method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from lab.cold_starts.burst import Burst
from lab.cold_starts.command import Command
from lab.cold_starts.idle import Idle
from lab.cold_starts.lambda_version import LambdaVersion
from lab.cold_starts.method import Method
from lab.cold_starts.worker_version import WorkerVersion
from lab.errors import ColdStartRefusedError


def _burst(argument: str) -> Method:
    together = int(argument)
    if not 2 <= together <= 1000:
        raise ValueError
    return Burst(together)


def _idle(argument: str) -> Method:
    seconds = float(argument)
    if not 0 < seconds <= 7200:
        raise ValueError
    return Idle(seconds)


def _two(argument: str) -> tuple[str, str]:
    first, colon, second = argument.rpartition(":")
    if not (first and colon and second):
        raise ValueError
    return first, second


METHODS: Final[Mapping[str, tuple[str, Callable[[str], Method]]]] = MappingProxyType(
    {
        "burst": ("burst:N, 2 to 1000 requests at once", _burst),
        "idle": ("idle:SECONDS, up to 7200", _idle),
        "lambda-version": ("lambda-version:FUNCTION:ALIAS", lambda argument: LambdaVersion(*_two(argument))),
        "worker-version": ("worker-version:ACCOUNT:SCRIPT", lambda argument: WorkerVersion(*_two(argument))),
        "command": ("command:PROGRAM ARGUMENT …", Command),
    }
)
"""By its word: its form, and how it is made of what follows the colon."""


def method(words: str) -> Method:
    """Raises ColdStartRefusedError, which lists the valid forms."""
    name, _, argument = words.partition(":")
    if name in METHODS and argument.strip():
        form, make = METHODS[name]
        try:
            return make(argument)
        except ValueError:
            raise ColdStartRefusedError(f"{words!r} is not {form}") from None
    forms = "; ".join(form for form, _ in METHODS.values())
    raise ColdStartRefusedError(f"{words!r} is no way to force cold starts. Valid: {forms}")
