"""What a source of usage is."""

from __future__ import annotations

import datetime
from typing import Protocol

from lab.usage.usage import Usage


class Source(Protocol):
    """Reads what was used between two moments, for the target of that name. None where nothing was recorded.

    Raises UsageUnavailableError.
    """

    async def read(self, target: str, since: datetime.datetime, until: datetime.datetime) -> Usage | None: ...
