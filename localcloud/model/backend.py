"""What a cloud asks its text model for, and all that can come of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]

StopReason = Literal["end", "length", "stop_sequence"]
"""Why a model stopped: it had said all, it reached `max_tokens`, or it came to one of the `stop` texts."""

FailureKind = Literal[
    "throttled", "timed_out", "refused", "guardrail", "prompt_too_long", "denied", "failed", "unavailable"
]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation to be continued. `context_window` is the real model's: prompt and answer together, in tokens."""

    messages: tuple[Message, ...]
    max_tokens: int
    context_window: int
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of the prompt and of the answer."""

    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class End:
    """The end of a streamed answer."""

    usage: Usage
    stop: StopReason


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer in one piece."""

    text: str
    usage: Usage
    stop: StopReason


class ModelError(Exception):
    """No answer, or the end of one in the middle.

    `kind`: `throttled` (ask again after `retry_after` seconds, if that is known), `timed_out`, `refused` (by the model
    or its maker), `guardrail` (by a safeguard in front of it), `prompt_too_long`, `denied` (who asks may not),
    `failed` (the model broke), `unavailable` (nobody is there). The text is for the local cloud's own log and holds
    neither prompt nor key.
    """

    def __init__(self, kind: FailureKind, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after


class Backend(Protocol):
    """A text model."""

    async def complete(self, chat: Chat) -> Completion:
        """The whole answer. Raises ModelError."""

    def stream(self, chat: Chat) -> AsyncIterator[str | End]:
        """The answer as it is made: texts, none of them empty, then one End. Raises ModelError, also half-way.

        Whoever stops early closes the iterator (`contextlib.aclosing`).
        """
