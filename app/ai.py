"""The text model: an answer as one JSON document, or as server-sent events while it is made.

Events, in the format of the HTML standard ("Server-sent events"): ``piece`` with ``{"text"}`` for each part, then one
``answer`` with what a whole answer would have said, or one ``problem`` with a problem document. What fails before the
first piece is an ordinary answer with its own status. A path that holds answers back until they are whole, as an HTTP
API of AWS does, gives the same bytes at once.
"""

import logging
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.errors import (
    ApplicationError,
    InternalError,
    ModelRefusedError,
    ModelThrottledError,
    ModelTimedOutError,
    ModelUnavailableError,
    PromptTooLongError,
)
from app.json_codec import json_answer, read_json, to_json
from app.ports import FailureReason, ModelAnswer, ModelFailure, ModelPiece, TextModel
from app.problems import UNEXPECTED, problem_document
from app.prompts import Prompt, prompt_of
from app.scope import ports_of

GREETING = Prompt("Hello")
# Where the cloud does not say when to come back. 429 is worth little without a time.
RETRY_AFTER_SECONDS = 5

_FAILURES: dict[FailureReason, tuple[type[ApplicationError], str]] = {
    "throttled": (ModelThrottledError, "The model takes no more requests for now. Try again later."),
    "timed_out": (ModelTimedOutError, "The model took too long. Ask for fewer tokens, or try again."),
    "refused": (ModelRefusedError, "The model will not answer this prompt."),
    "prompt_too_long": (PromptTooLongError, "The prompt is longer than the model takes."),
    "unavailable": (ModelUnavailableError, "The model gives no answer now. Try again later."),
}

Event = ModelPiece | ModelAnswer | ModelFailure

logger = logging.getLogger(__name__)


async def greet(request: Request) -> Response:
    """``GET /ai``. HEAD does not ask the model, whose answer it would only throw away; so it names no length."""
    if request.method == "HEAD":
        head = Response(media_type="application/json")
        del head.headers["content-length"]
        return head
    return await _whole(ports_of(request).text_model, GREETING)


async def ask(request: Request) -> Response:
    """``POST /ai``"""
    prompt = prompt_of(await read_json(request))
    model = ports_of(request).text_model
    return await (_streamed if prompt.stream else _whole)(model, prompt)


async def _whole(model: TextModel, prompt: Prompt) -> Response:
    answer = await model.answer(prompt.text, prompt.max_tokens)
    if answer.kind == "failure":
        raise _error(answer)
    return json_answer(_members(answer))


async def _streamed(model: TextModel, prompt: Prompt) -> Response:
    events = model.stream(prompt.text, prompt.max_tokens)
    first = await anext(events)
    if first.kind == "failure":
        raise _error(first)
    return StreamingResponse(_written(first, events), media_type="text/event-stream")


async def _written(first: Event, events: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    try:
        yield _event(first)
        async for event in events:
            yield _event(event)
    except Exception:
        # The answer's status is sent: all that is left is to say so in the stream, and why in the log.
        logger.exception("The model failed in the middle of a stream")
        yield _line("problem", problem_document(InternalError(UNEXPECTED)))


def _event(event: Event) -> bytes:
    match event.kind:
        case "piece":
            return _line("piece", {"text": event.text})
        case "answer":
            return _line("answer", _members(event))
        case "failure":
            return _line("problem", problem_document(_error(event)))


def _line(name: str, data: dict[str, Any]) -> bytes:
    # JSON escapes line breaks, so the data is always one line.
    return b"event: %b\ndata: %b\n\n" % (name.encode(), to_json(data))


def _members(answer: ModelAnswer) -> dict[str, Any]:
    return {
        "text": answer.text,
        "model": answer.model,
        "input_tokens": answer.input_tokens,
        "output_tokens": answer.output_tokens,
        "stop": answer.stop,
    }


def _error(failure: ModelFailure) -> ApplicationError:
    error, detail = _FAILURES[failure.reason]
    seconds = failure.retry_after or (RETRY_AFTER_SECONDS if failure.reason == "throttled" else 0)
    return error(detail, {"retry-after": str(seconds)} if seconds else None)
