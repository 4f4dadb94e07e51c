"""Waiting for Lambda: a function or version that is being made or changed refuses the next call."""

from __future__ import annotations

import time
from typing import Final

from localcloud.providers.aws.client import Aws
from localcloud.providers.protocol.errors import ProviderError, ServiceFailureError

_LIMIT_SECONDS: Final = 600.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0


def settled(client: Aws, name: str, region: str | None, qualifier: str | None = None) -> None:
    """Returns when the state is Active and the last update Successful.

    Source: AWS Lambda Developer Guide, "Lambda function states". Raises ServiceFailureError with Lambda's own reason
    code when it failed, ProviderError when the engine cancelled or it took more than ten minutes.
    """
    end, pause = time.monotonic() + _LIMIT_SECONDS, _FIRST_PAUSE
    while True:
        now = client.call("lambda", "GetFunctionConfiguration", region, FunctionName=name, Qualifier=qualifier)
        for state, what in (("State", "State"), ("LastUpdateStatus", "LastUpdateStatus")):
            if now.get(state) == "Failed":
                reason, code = now.get(f"{what}Reason", ""), now.get(f"{what}ReasonCode", "Failed")
                of = f"{name}:{qualifier}" if qualifier else name
                raise ServiceFailureError(f"lambda {of}", code, reason, 200)
        if now.get("State", "Active") in {"Active", "Inactive"} and now.get("LastUpdateStatus") != "InProgress":
            return
        if time.monotonic() > end:
            raise ProviderError(f"lambda {name}: still {now.get('State')} after {_LIMIT_SECONDS:.0f} s")
        if client.cancelled.wait(pause):
            raise ProviderError(f"lambda {name}: cancelled while it was {now.get('State')}")
        pause = min(pause * 1.5, _LONGEST_PAUSE)
