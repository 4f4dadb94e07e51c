"""The TextModel port on AWS: Amazon Bedrock's Converse and ConverseStream.

Sources: Amazon Bedrock API Reference, Converse and ConverseStream; botocore's service model of `bedrock-runtime`, whose
errors and reasons to stop a test walks.

A call blocks the event loop. An environment serves one request at a time, so there is nobody whom that would hold up.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from functions.clients import called
from functions.errors import ServiceError

if TYPE_CHECKING:
    from functions.clients import Clients

SERVICE = "bedrock-runtime"

Stop = Literal["end", "length"]
Reason = Literal["throttled", "timed_out", "refused", "prompt_too_long", "unavailable"]

# Every reason to stop that Converse knows: those that come with an answer, and those that come without one. Without
# tools `tool_use` does not happen.
STOPS: Final[Mapping[str, Stop]] = MappingProxyType(
    {
        "end_turn": "end",
        "stop_sequence": "end",
        "tool_use": "end",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
    }
)
REFUSALS: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "guardrail_intervened": "refused",
        "content_filtered": "refused",
        "malformed_model_output": "unavailable",
        "malformed_tool_use": "unavailable",
    }
)

# Every error of both operations, of their event stream, and of the way there. None: a fault, for which nobody who sent
# a prompt can do anything (no right to the model, no such model, a request of the wrong form).
ERRORS: Final[Mapping[str, Reason | None]] = MappingProxyType(
    {
        "ThrottlingException": "throttled",
        "ModelTimeoutException": "timed_out",
        "ReadTimeoutError": "timed_out",
        "InternalServerException": "unavailable",
        "ServiceUnavailableException": "unavailable",
        "ModelNotReadyException": "unavailable",
        "ModelErrorException": "unavailable",
        "ModelStreamErrorException": "unavailable",
        "ConnectTimeoutError": "unavailable",
        "EndpointConnectionError": "unavailable",
        "ConnectionClosedError": "unavailable",
        "ResponseStreamingError": "unavailable",
        "AccessDeniedException": None,
        "ResourceNotFoundException": None,
        "ValidationException": None,  # but for a prompt that is too long: see _TOO_LONG
    }
)
# The service has one code for all that is wrong with a request; models word it differently.
_TOO_LONG = re.compile(r"too long|too many (input )?tokens|maximum context length|context window", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer's text."""

    text: str
    kind: ClassVar[Literal["piece"]] = "piece"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. ``model`` is the id of the inference profile."""

    text: str
    model: str
    input_tokens: int
    output_tokens: int
    stop: Stop
    kind: ClassVar[Literal["answer"]] = "answer"


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer; ``retry_after`` in seconds, 0 where another try makes no sense or nothing is known."""

    reason: Reason
    retry_after: int = 0
    kind: ClassVar[Literal["failure"]] = "failure"


class BedrockTextModel:
    """One model behind an inference profile.

    A call is tried once: whoever asked is told when to try again, and a second try behind their back would take the
    function's own time limit twice.

    :param seconds: after which an answer that does not come counts as timed out; less than the function may take.
    """

    def __init__(self, clients: Clients, model: str, seconds: int) -> None:
        self._clients = clients
        self._model = model
        self._seconds = seconds

    async def answer(self, prompt: str, max_tokens: int) -> Answer | Failure:
        """The answer in one piece. Raises ServiceError for what is a fault of the deployment."""
        try:
            done = called(SERVICE, self._client().converse, **self._request(prompt, max_tokens))
        except ServiceError as error:
            return _failure(error)
        text = "".join(block.get("text", "") for block in done["output"]["message"]["content"])
        return self._ended(text, done["stopReason"], done["usage"])

    async def stream(self, prompt: str, max_tokens: int) -> AsyncIterator[Piece | Answer | Failure]:
        """Pieces as they come, then one answer or failure; the whole takes no longer than `answer` may."""
        until = time.monotonic() + self._seconds
        texts: list[str] = []
        stop = usage = None
        try:
            done = called(SERVICE, self._client().converse_stream, **self._request(prompt, max_tokens))
            with closing(done["stream"]) as stream:
                events = iter(stream)
                while (event := called(SERVICE, lambda: next(events, None))) is not None:
                    if text := event.get("contentBlockDelta", {}).get("delta", {}).get("text"):
                        texts.append(text)
                        yield Piece(text)
                    stop = event.get("messageStop", {}).get("stopReason", stop)
                    usage = event.get("metadata", {}).get("usage", usage)
                    if time.monotonic() > until:
                        yield Failure("timed_out")
                        return
        except ServiceError as error:
            yield _failure(error)
            return
        # A connection that broke between two events looks like a stream's end.
        yield self._ended("".join(texts), stop, usage) if stop and usage else Failure("unavailable")

    def _client(self) -> Any:
        return self._clients.client(SERVICE, read_seconds=self._seconds, attempts=1)

    def _request(self, prompt: str, max_tokens: int) -> dict[str, Any]:
        return {
            "modelId": self._model,
            "messages": [{"role": "user", "content": [{"text": prompt}]}],
            "inferenceConfig": {"maxTokens": max_tokens},
        }

    def _ended(self, text: str, stop_reason: str, usage: Mapping[str, int]) -> Answer | Failure:
        if stop_reason in REFUSALS:
            return Failure(REFUSALS[stop_reason])
        stop = STOPS.get(stop_reason, "end")  # a reason newer than this table comes with a text, too
        return Answer(text, self._model, usage["inputTokens"], usage["outputTokens"], stop)


def _failure(error: ServiceError) -> Failure:
    """The failure that an error means; an error that means none passes on."""
    reason = ERRORS.get(error.code)
    if error.code == "ValidationException" and _TOO_LONG.search(error.message):
        return Failure("prompt_too_long")
    if reason is None:
        raise error
    return Failure(reason, error.retry_after)
