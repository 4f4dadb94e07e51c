"""The ways to force cold starts, by the words that choose them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from lab.cold_starts.burst import Burst
from lab.cold_starts.command import Command
from lab.cold_starts.idle import Idle
from lab.cold_starts.lambda_version import LambdaVersion
from lab.cold_starts.method import Method
from lab.cold_starts.worker_version import WorkerVersion
from lab.errors import ColdStartRefusedError
from lab.words import Words, two


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


METHODS: Final[Words[Method]] = Words(
    what="way to force cold starts",
    error=ColdStartRefusedError,
    forms=MappingProxyType(
        {
            "burst": ("burst:N, 2 to 1000 requests at once", _burst),
            "idle": ("idle:SECONDS, up to 7200", _idle),
            "lambda-version": ("lambda-version:FUNCTION:ALIAS", lambda argument: LambdaVersion(*two(argument))),
            "worker-version": ("worker-version:ACCOUNT:SCRIPT", lambda argument: WorkerVersion(*two(argument))),
            "command": ("command:PROGRAM ARGUMENT …", Command),
        }
    ),
)
