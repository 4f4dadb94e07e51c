"""Models that run: inputs in, a result or server-sent events out. Knows no HTTP."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from localcloud.cloudflare.ai import catalogue
from localcloud.cloudflare.ai.exceptions import ModelFailedError, TooLongError
from localcloud.cloudflare.ai.inputs import chat_of
from localcloud.model import Backend, Chat, End, ModelError, Usage, count

_log = logging.getLogger(__name__)


class TextGeneration:
    """The task that the catalogue's models have, on the local cloud's text model."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def run(self, model: str, inputs: Any) -> dict[str, Any]:
        """The result in one piece. Raises AiError."""
        catalogue.check(model)
        chat = chat_of(inputs)
        try:
            done = await self._backend.complete(chat)
        except ModelError as failure:
            raise _told(failure, chat) from failure
        return {"response": done.text, "tool_calls": [], "usage": _usage(done.usage)}

    async def stream(self, model: str, inputs: Any) -> AsyncIterator[bytes]:
        """Server-sent events, the first of which is there when this returns. Raises AiError; later they break off."""
        catalogue.check(model)
        chat = chat_of(inputs)
        pieces = self._backend.stream(chat)
        try:
            first = await anext(pieces)
        except ModelError as failure:
            raise _told(failure, chat) from failure
        return _events(first, pieces, chat)


async def _events(first: str | End, rest: AsyncIterator[str | End], chat: Chat) -> AsyncIterator[bytes]:
    async with aclosing(rest):  # type: ignore[type-var]
        yield _event(first)
        try:
            async for piece in rest:
                yield _event(piece)
        except ModelError as failure:
            raise _told(failure, chat) from failure
        yield b"data: [DONE]\n\n"


def _event(piece: str | End) -> bytes:
    document = {"response": "", "usage": _usage(piece.usage)} if isinstance(piece, End) else {"response": piece}
    return b"data: " + json.dumps(document, separators=(",", ":")).encode() + b"\n\n"


def _usage(usage: Usage) -> dict[str, int]:
    total = usage.input_tokens + usage.output_tokens
    return {"prompt_tokens": usage.input_tokens, "completion_tokens": usage.output_tokens, "total_tokens": total}


def _told(failure: ModelError, chat: Chat) -> ModelFailedError | TooLongError:
    """The caller gets Cloudflare's words, the log the cause."""
    _log.warning("the text model failed (%s): %s", failure.kind, failure)
    if failure.kind == "prompt_too_long":
        return TooLongError(sum(count(m.text) for m in chat.messages) + chat.max_tokens, chat.context_window)
    return ModelFailedError(failure)
