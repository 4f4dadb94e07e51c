"""From the user's words to a source of usage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from lab.errors import UsageUnavailableError
from lab.usage.lambda_reports import LambdaReports
from lab.usage.source import Source
from lab.usage.worker_analytics import WorkerAnalytics


def _two(argument: str) -> tuple[str, str]:
    first, colon, second = argument.rpartition(":")
    if not (first and colon and second):
        raise ValueError
    return first, second


SOURCES: Final[Mapping[str, tuple[str, Callable[[str], Source]]]] = MappingProxyType(
    {
        "lambda-reports": ("lambda-reports:LOG GROUP", LambdaReports),
        "worker-analytics": ("worker-analytics:ACCOUNT:SCRIPT", lambda argument: WorkerAnalytics(*_two(argument))),
    }
)
"""By its word: its form, and how it is made of what follows the colon."""


def source(words: str) -> Source:
    """Raises UsageUnavailableError, which lists the valid forms."""
    name, _, argument = words.partition(":")
    if name in SOURCES and argument.strip():
        form, make = SOURCES[name]
        try:
            return make(argument)
        except ValueError:
            raise UsageUnavailableError(f"{words!r} is not {form}") from None
    forms = "; ".join(form for form, _ in SOURCES.values())
    raise UsageUnavailableError(f"{words!r} is no source of usage. Valid: {forms}")
