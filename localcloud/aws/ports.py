"""What one service of the local AWS may ask of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Outcome = Literal["success", "error", "timeout", "throttled", "missing"]


@dataclass(frozen=True, slots=True)
class InvokeResult:
    """What a function answered. `error_type` is Runtime.ExitError, Sandbox.Timedout or an exception's name."""

    payload: bytes
    outcome: Outcome
    executed_version: str
    error_type: str | None = None
    log_tail: bytes = b""  # the last 4 KB of the invocation's log


class FunctionInvoker(Protocol):
    """Runs functions synchronously."""

    async def invoke(self, function_arn: str, payload: bytes, *, trace_id: str | None = None) -> InvokeResult:
        """Runs the function, version or alias of that ARN. Never raises for what the function does.

        Cancelling the call gives up waiting for the answer; the function runs on, as on AWS.
        """

    def permits(self, function_arn: str, principal: str, source_arn: str) -> bool:
        """Whether the function's resource policy lets that service principal invoke it on behalf of that ARN."""


class LogSink(Protocol):
    """Takes log lines."""

    def write(self, group: str, stream: str, lines: Sequence[tuple[int, str]]) -> None:
        """Lines as (epoch milliseconds, text). Never blocks; makes group and stream where missing."""

    def has_group(self, group: str) -> bool:
        """Whether the log group exists."""


class Identity(Protocol):
    """Who may act as whom."""

    def role_trusts(self, role_arn: str, service: str) -> bool:
        """Whether the role exists and its trust policy names that service principal (`lambda.amazonaws.com`)."""
