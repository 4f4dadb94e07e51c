"""Waiting for DynamoDB: a table that is being made, changed or deleted refuses the next change."""

from __future__ import annotations

import time
from typing import Any, Final

from localcloud.providers.aws.client import Aws
from localcloud.providers.protocol.errors import ProviderError

_LIMIT_SECONDS: Final = 1800.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 2.0


def settled(client: Aws, name: str, region: str | None) -> dict[str, Any] | None:
    """The table's description when it is ACTIVE, or None when there is none.

    Source: DynamoDB API reference, TableDescription, TableStatus. Raises ProviderError when the engine cancelled, when
    the table is in a state that nobody but its owner can end, or when it took more than half an hour.
    """
    end, pause = time.monotonic() + _LIMIT_SECONDS, _FIRST_PAUSE
    while True:
        answer = client.find("dynamodb", "DescribeTable", region=region, TableName=name)
        if answer is None:
            return None
        table: dict[str, Any] = answer["Table"]
        status = table["TableStatus"]
        if status == "ACTIVE":
            return table
        if status not in {"CREATING", "UPDATING", "DELETING"}:
            raise ProviderError(f"dynamodb {name}: the table is {status}")
        if time.monotonic() > end:
            raise ProviderError(f"dynamodb {name}: still {status} after {_LIMIT_SECONDS:.0f} s")
        if client.cancelled.wait(pause):
            raise ProviderError(f"dynamodb {name}: cancelled while it was {status}")
        pause = min(pause * 1.5, _LONGEST_PAUSE)
