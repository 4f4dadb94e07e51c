"""One invocation on its way through an environment."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import orjson

from localcloud.aws.ports import Outcome

RESPONSE_LIMIT = 6 * 1024 * 1024  # bytes
_LIMIT_NAMED = 6291556  # what Lambda's message says


@dataclass(slots=True)
class Answer:
    """What came of it."""

    payload: bytes
    outcome: Outcome
    error_type: str | None = None
    log: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Invocation:
    """`done` gives an Answer."""

    request_id: str
    payload: bytes
    arn: str
    timeout: float
    done: asyncio.Future[Answer]
    trace_id: str | None = None
    client_context: str | None = None
    log: list[str] = field(default_factory=list)
    started: float = 0.0  # perf_counter

    def head(self) -> bytes:
        """The event's headers."""
        deadline = int((time.time() + self.timeout) * 1000)
        text = (
            f"Content-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: {self.request_id}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {deadline}\r\nLambda-Runtime-Invoked-Function-Arn: {self.arn}\r\n"
        )
        if self.trace_id is not None:
            text += f"Lambda-Runtime-Trace-Id: {self.trace_id}\r\n"
        if self.client_context is not None:
            text += f"Lambda-Runtime-Client-Context: {self.client_context}\r\n"
        return text.encode("latin-1", "replace")

    def succeed(self, payload: bytes) -> None:
        """The function's result."""
        if not self.done.done():
            self.done.set_result(Answer(payload, "success", None, self.log))

    def fail(self, payload: bytes, error_type: str, outcome: Outcome = "error") -> None:
        """The function's error, or what ended it."""
        if not self.done.done():
            self.done.set_result(Answer(payload, outcome, error_type, self.log))


def error(error_type: str, message: str) -> bytes:
    """An error that Lambda itself reports."""
    return orjson.dumps({"errorType": error_type, "errorMessage": message})


def too_large() -> bytes:
    """The result of a function whose result is over the limit."""
    message = f"Response payload size exceeded maximum allowed payload size ({_LIMIT_NAMED} bytes)."
    return orjson.dumps({"errorMessage": message, "errorType": "Function.ResponseSizeTooLarge"})


def error_type_of(body: bytes) -> str:
    """The errorType of an error document."""
    try:
        return str(orjson.loads(body)["errorType"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "Runtime.Unknown"
