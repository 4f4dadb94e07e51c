"""The TextModel port on Cloudflare: the Workers AI binding.

Sources: Cloudflare's documentation, "Workers AI errors" (https://developers.cloudflare.com/workers-ai/platform/errors/)
and each model's page for its answers. The binding throws an error whose message starts with that numeric code
(``AiError: 3040: …``: cloudflare/workerd, src/cloudflare/internal/ai-api.ts), or, for what the model's own server
refuses, has only words.

Where Bedrock says so, Workers AI does not: models of the older format give no reason why they stopped. Unless an AI
Gateway with guardrails stands before it there is no sign of a refusal, either: a model that will not answer says so in
its text.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal

from parallax_cloudflare.errors import ServiceError
from parallax_cloudflare.javascript import JsException

SERVICE = "Workers AI"
SECONDS: Final = 25
"""A Worker may wait as long as its client does; in that time the client gets an answer, or hears that there is none."""

Stop = Literal["end", "length"]
Reason = Literal["throttled", "timed_out", "refused", "prompt_too_long", "unavailable"]

# Every code of the page above, and those that others have met. None: a fault, for which nobody who sent a prompt can do
# anything.
ERRORS: Final[Mapping[str, Reason | None]] = MappingProxyType(
    {
        # https://developers.cloudflare.com/ai-gateway/features/guardrails/
        "2016": "refused",  # Prompt blocked due to security configurations
        "2017": "refused",  # Response blocked due to security configurations
        "3006": "prompt_too_long",  # Request too large
        "5021": "prompt_too_long",  # Prompt and most tokens together are more than the context window
        "3007": "timed_out",  # Timeout
        "3008": "timed_out",  # Aborted
        "3036": "throttled",  # Account limited: the free daily allocation is used up
        "3040": "throttled",  # Out of capacity
        "3043": "unavailable",  # Internal server error
        "3003": None,  # Incomplete request
        "3023": None,  # Account blocked
        "3039": None,  # Finetune missing required files
        "3041": None,  # Account not allowed for private model
        "3042": None,  # Invalid model ID
        "5004": None,  # Invalid data
        "5005": None,  # LoRa unsupported
        "5006": None,  # Bad input
        "5007": None,  # No such model
        "5016": None,  # Model agreement
        "5018": None,  # Account not allowed for private model
        "5019": None,  # Deprecated SDK version
    }
)
# Errors without a code of the page, by their words; the first that fits.
_WORDS: Final[tuple[tuple[str, Reason], ...]] = (
    (r"context length|context window|too long|too many (input )?tokens", "prompt_too_long"),
    (r"rate limit|too many requests|\b429\b", "throttled"),
    (r"time(d)?[ -]?out|\b(408|504)\b", "timed_out"),
    (r"unavailable|capacity|internal (server )?error|network connection lost|\b(500|502|503)\b", "unavailable"),
)
_CODE = re.compile(r"\b([235]\d{3}): ")
# With this one the clock says when: the allocation is anew at midnight, UTC.
_DAILY = "3036"
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer's text."""

    text: str
    kind: ClassVar[Literal["piece"]] = "piece"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. ``model`` is the id in Cloudflare's catalogue."""

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


class WorkersAiTextModel:
    """One model of Cloudflare's catalogue, for one request.

    :param ai: the binding, as the SDK hands it over: arguments and answers are Python's, a stream is JavaScript's.
    :param clock: seconds of the epoch.
    """

    def __init__(self, ai: Any, model: str, clock: Callable[[], float]) -> None:
        self._ai = ai
        self._model = model
        self._clock = clock

    async def answer(self, prompt: str, max_tokens: int) -> Answer | Failure:
        """The answer in one piece. Raises ServiceError for what is a fault of the deployment."""
        try:
            async with asyncio.timeout(SECONDS):
                done = await self._ai.run(self._model, _request(prompt, max_tokens))
        except TimeoutError:
            return Failure("timed_out")
        except JsException as error:
            return self._failure(str(error))
        return self._ended(_text(done), max_tokens, done)

    async def stream(self, prompt: str, max_tokens: int) -> AsyncIterator[Piece | Answer | Failure]:
        """Pieces as they come, then one answer or failure."""
        texts: list[str] = []
        last: dict[str, Any] = {}
        loop = asyncio.get_running_loop()
        until = loop.time() + SECONDS
        try:
            async with asyncio.timeout_at(until):
                stream = await self._ai.run(self._model, {**_request(prompt, max_tokens), "stream": True})
            reader = stream.getReader()
            try:
                events = _Events()
                while not events.ended:
                    async with asyncio.timeout_at(until):
                        chunk = await reader.read()
                    for event in events.read(None if chunk.done else chunk.value.to_bytes()):
                        if text := _text(event):
                            texts.append(text)
                            yield Piece(text)
                        last = {**last, **{name: value for name, value in _end(event).items() if value}}
            finally:
                await reader.cancel()
        except TimeoutError:
            yield Failure("timed_out")
        except JsException as error:
            yield self._failure(str(error))
        else:
            yield self._ended("".join(texts), max_tokens, last) if events.complete else Failure("unavailable")

    def _ended(self, text: str, max_tokens: int, done: Mapping[str, Any]) -> Answer:
        end = _end(done)
        usage: Mapping[str, Any] = end["usage"] or {}
        output = int(usage.get("completion_tokens", 0))
        reason = end["finish_reason"]
        stop: Stop = "length" if reason == "length" or (not reason and output >= max_tokens) else "end"
        return Answer(text, self._model, int(usage.get("prompt_tokens", 0)), output, stop)

    def _failure(self, message: str) -> Failure:
        """The failure that an error means. Raises ServiceError where it means none."""
        code = next((code for code in _CODE.findall(message) if code in ERRORS), "")
        worded = (reason for words, reason in _WORDS if re.search(words, message, re.IGNORECASE))
        reason = ERRORS[code] if code else next(worded, None)
        if reason is None:
            raise ServiceError(SERVICE, code, message)
        return Failure(reason, _DAY - int(self._clock()) % _DAY if code == _DAILY else 0)


class _Events:
    """Server-sent events, from chunks that end anywhere."""

    def __init__(self) -> None:
        self.ended = False
        self.complete = False
        self._rest = b""

    def read(self, chunk: bytes | None) -> Iterator[dict[str, Any]]:
        """The events that a chunk completes; None is the stream's end."""
        *lines, self._rest = (self._rest + (b"\n" if chunk is None else chunk)).split(b"\n")
        self.ended = chunk is None
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            data = line[5:].strip()
            if data == b"[DONE]":
                self.ended = self.complete = True
                return
            event: dict[str, Any] = json.loads(data)
            if wrong := event.get("errors") or event.get("error"):
                raise JsException(_told(wrong))
            yield event


def _told(wrong: Any) -> str:
    """An error inside a stream, in the form of those that are thrown."""
    first = wrong[0] if isinstance(wrong, list) else wrong
    return f"{first.get('code')}: {first.get('message')}" if isinstance(first, dict) else str(first)


def _request(prompt: str, max_tokens: int) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": prompt}], "max_tokens": max_tokens}


def _choice(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the newer format, OpenAI's, has in place of `response`."""
    choices = answer.get("choices") or [{}]
    choice: Mapping[str, Any] = choices[0]
    return choice


def _text(answer: Mapping[str, Any]) -> str:
    choice = _choice(answer)
    message = choice.get("delta") or choice.get("message") or {}
    text = answer.get("response", message.get("content"))
    if text is None:
        return ""
    return text if isinstance(text, str) else json.dumps(text)  # text that is JSON comes parsed from some models


def _end(answer: Mapping[str, Any]) -> dict[str, Any]:
    reason = answer.get("finish_reason") or _choice(answer).get("finish_reason")
    return {"usage": answer.get("usage"), "finish_reason": reason}
