"""What rows are grouped by."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from localcloud.cloudflare.analytics.records import Second

_COLO = "LOC"


def _every(seconds: int) -> Callable[[Second], str]:
    def start(second: Second) -> str:
        moment = datetime.datetime.fromtimestamp(second.second - second.second % seconds, datetime.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    return start


DIMENSIONS: Final[Mapping[str, Callable[[Second], str]]] = MappingProxyType(
    {
        "coloCode": lambda _: _COLO,
        "date": lambda second: _every(86_400)(second)[:10],
        "datetime": _every(1),
        "datetimeFifteenMinutes": _every(900),
        "datetimeFiveMinutes": _every(300),
        "datetimeHour": _every(3600),
        "datetimeMinute": _every(60),
        "scriptName": lambda second: second.script,
        "scriptVersion": lambda second: second.version,
        "status": lambda second: second.status,
    }
)
