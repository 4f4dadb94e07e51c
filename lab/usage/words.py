"""The sources of usage, by the words that choose them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from lab.errors import UsageUnavailableError
from lab.usage.lambda_reports import LambdaReports
from lab.usage.source import Source
from lab.usage.worker_analytics import WorkerAnalytics
from lab.words import Words, two

SOURCES: Final[Words[Source]] = Words(
    what="source of usage",
    error=UsageUnavailableError,
    forms=MappingProxyType(
        {
            "lambda-reports": ("lambda-reports:LOG GROUP", LambdaReports),
            "worker-analytics": ("worker-analytics:ACCOUNT:SCRIPT", lambda argument: WorkerAnalytics(*two(argument))),
        }
    ),
)
