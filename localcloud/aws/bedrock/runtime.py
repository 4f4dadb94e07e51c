"""The API `bedrock-runtime`: Converse, InvokeModel, and both as streams, on the local cloud's text model."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

import orjson

from localcloud.aws.bedrock import converse, llama
from localcloud.aws.bedrock.catalogue import callable_model
from localcloud.aws.bedrock.errors import before_answer, too_long, within_answer
from localcloud.aws.protocol import CallContext, ServiceError, unsupported
from localcloud.aws.protocol.eventstream import Event
from localcloud.model import Backend, Chat, End, ModelError, StopReason, Usage, count

_Document = dict[str, Any]
_Pieces = AsyncIterator[str | End]
_JSON = "application/json"
_log = logging.getLogger(__name__)


class BedrockRuntimeService:
    """Implements Service."""

    name = "bedrock-runtime"

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._calls = {
            "Converse": self._converse,
            "ConverseStream": self._converse_stream,
            "InvokeModel": self._invoke,
            "InvokeModelWithResponseStream": self._invoke_stream,
        }

    async def call(self, operation: str, params: _Document, context: CallContext) -> _Document:
        found = self._calls.get(operation)
        if found is None:
            raise unsupported("Bedrock Runtime", operation, self._calls)
        return await found(params, context)

    async def _converse(self, params: _Document, context: CallContext) -> _Document:
        started = time.monotonic()
        chat = converse.chat_of(params, callable_model(params["modelId"], context))
        text, stop, usage = await self._complete(chat, converse.STOPS)
        return converse.answer(text, stop, usage, _since(started))

    async def _converse_stream(self, params: _Document, context: CallContext) -> _Document:
        started = time.monotonic()
        chat = converse.chat_of(params, callable_model(params["modelId"], context))
        return {"stream": _converse_events(await self._begin(chat), chat, started)}

    async def _invoke(self, params: _Document, context: CallContext) -> _Document:
        chat = llama.chat_of(params, callable_model(params["modelId"], context))
        text, stop, usage = await self._complete(chat, llama.STOPS)
        return {"body": orjson.dumps(llama.answer(text, stop, usage)), "contentType": _JSON}

    async def _invoke_stream(self, params: _Document, context: CallContext) -> _Document:
        chat = llama.chat_of(params, callable_model(params["modelId"], context))
        return {"body": _invoke_events(await self._begin(chat), chat), "contentType": _JSON}

    async def _complete(self, chat: Chat, stops: Mapping[StopReason, str]) -> tuple[str, str, Usage]:
        _check_length(chat)
        try:
            done = await self._backend.complete(chat)
        except ModelError as failure:
            if failure.kind in converse.REFUSALS:
                return "", converse.REFUSALS[failure.kind], _usage(chat, "")
            raise _told(before_answer(failure, chat.context_window), failure) from failure
        return done.text, stops[done.stop], done.usage

    async def _begin(self, chat: Chat) -> _Pieces:
        """The pieces, the first of which is there: until then a failure is an HTTP error, and no event."""
        _check_length(chat)
        pieces = self._backend.stream(chat)
        first: str | End | None = None
        refusal: ModelError | None = None
        try:
            first = await anext(pieces)
        except ModelError as failure:
            if failure.kind not in converse.REFUSALS:
                raise _told(before_answer(failure, chat.context_window), failure) from failure
            refusal = failure
        return _again(first, refusal, pieces)


async def _again(first: str | End | None, refusal: ModelError | None, rest: _Pieces) -> _Pieces:
    async with aclosing(rest):  # type: ignore[type-var]
        if refusal:
            raise refusal
        if first is not None:
            yield first
        async for piece in rest:
            yield piece


async def _converse_events(pieces: _Pieces, chat: Chat, started: float) -> AsyncIterator[Event]:
    said, stop, usage = "", "", None
    async with aclosing(pieces):  # type: ignore[type-var]
        yield "messageStart", {"role": "assistant"}
        try:
            async for piece in pieces:
                if isinstance(piece, End):
                    stop, usage = converse.STOPS[piece.stop], piece.usage
                else:
                    said += piece
                    yield "contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": piece}}
        except ModelError as failure:
            if failure.kind not in converse.REFUSALS:
                raise _told(within_answer(failure), failure) from failure
            stop = converse.REFUSALS[failure.kind]
        yield "contentBlockStop", {"contentBlockIndex": 0}
        yield "messageStop", {"stopReason": stop}
        yield "metadata", converse.told(usage or _usage(chat, said), _since(started))


async def _invoke_events(pieces: _Pieces, chat: Chat) -> AsyncIterator[Event]:
    said, stop, usage = "", "stop", None
    async with aclosing(pieces):  # type: ignore[type-var]
        try:
            async for piece in pieces:
                if isinstance(piece, End):
                    stop, usage = llama.STOPS[piece.stop], piece.usage
                else:
                    said += piece
                    yield "chunk", {"bytes": orjson.dumps(llama.answer(piece, None, None))}
        except ModelError as failure:
            if failure.kind not in converse.REFUSALS:
                raise _told(within_answer(failure), failure) from failure
            stop = converse.REFUSALS[failure.kind]
        yield "chunk", {"bytes": orjson.dumps(llama.answer("", stop, usage or _usage(chat, said)))}


def _check_length(chat: Chat) -> None:
    """By the real model's window, whoever answers in its place."""
    if sum(count(message.text) for message in chat.messages) >= chat.context_window:
        raise too_long(chat.context_window)


def _usage(chat: Chat, said: str) -> Usage:
    return Usage(sum(count(message.text) for message in chat.messages), count(said))


def _since(started: float) -> int:
    """Milliseconds."""
    return round((time.monotonic() - started) * 1000)


def _told(error: ServiceError, failure: ModelError) -> ServiceError:
    """The caller gets AWS's words, the log the cause."""
    _log.warning("the text model failed (%s): %s", failure.kind, failure)
    return error
