"""Any server that speaks OpenAI's chat completions: Ollama, vLLM, llama.cpp's server, or OpenAI's own.

The wire format: platform.openai.com/docs/api-reference/chat. Where servers differ in how they say that a prompt is too
long (vLLM: "maximum context length", llama.cpp: `exceed_context_size_error`), the difference is here and nowhere else.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localcloud.model.backend import Chat, Completion, End, FailureKind, ModelError, StopReason, Usage
from localcloud.model.settings import KEY_VARIABLE
from localcloud.model.tokens import count, count_messages

if TYPE_CHECKING:
    import httpx

_CONNECTS_WITHIN = 5.0
# Between two pieces: a large model on a small machine takes its time for the first token.
_SILENT_FOR = 300.0
_STOPS: dict[str, StopReason] = {"stop": "end", "length": "length"}
_STATUSES: dict[int, FailureKind] = {
    401: "denied", 403: "denied", 408: "timed_out", 413: "prompt_too_long", 429: "throttled", 504: "timed_out",
}  # fmt: skip
_MAY_BE_LENGTH = {400, 422, 500}
_TOO_LONG = ("context_length_exceeded", "exceed_context_size", "maximum context length", "context window", "too long")


class OpenAiModel:
    """Implements Backend. The key comes from a file or from a variable of this process, and goes nowhere but there."""

    def __init__(self, url: str, model: str, *, key_file: str | None = None) -> None:
        self._url = url.rstrip("/") + "/chat/completions"
        self._model = model
        self._key_file = key_file

    async def complete(self, chat: Chat) -> Completion:
        async with self._ask(chat, stream=False) as answer:
            body = await answer.aread()
        document = _decode(body)
        try:
            choice = document["choices"][0]
            text = str(choice["message"].get("content") or "")
            stop = _stop(choice.get("finish_reason"))
        except (LookupError, TypeError, AttributeError):
            raise ModelError("failed", "the model's server answered with something else than a completion") from None
        return Completion(text, _usage(document.get("usage"), chat, text), stop)

    async def stream(self, chat: Chat) -> AsyncIterator[str | End]:
        """The pieces as the server sends them."""
        said, stop, usage = "", None, None
        async with self._ask(chat, stream=True) as answer:
            async for line in answer.aiter_lines():
                data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
                if data == "[DONE]":
                    break
                if not data:
                    continue
                document = _decode(data)
                usage = document.get("usage") or usage
                piece, reason = _delta(document)
                if piece:
                    said += piece
                    yield piece
                if reason:
                    stop = _stop(reason)
        if stop is None:
            raise ModelError("failed", "the model's server ended the answer without saying why")
        yield End(_usage(usage, chat, said), stop)

    @asynccontextmanager
    async def _ask(self, chat: Chat, *, stream: bool) -> AsyncIterator[httpx.Response]:
        # Half of this process's imports, and needed only where a server was named.
        import httpx  # noqa: PLC0415

        timeout = httpx.Timeout(_SILENT_FOR, connect=_CONNECTS_WITHIN)
        try:
            async with (
                httpx.AsyncClient(timeout=timeout, trust_env=False) as client,
                client.stream("POST", self._url, json=self._body(chat, stream), headers=self._headers()) as answer,
            ):
                if answer.status_code != 200:
                    raise _failure(answer.status_code, await answer.aread(), answer.headers.get("retry-after"))
                yield answer
        except httpx.TimeoutException as error:
            kind: FailureKind = "unavailable" if isinstance(error, httpx.ConnectTimeout) else "timed_out"
            raise ModelError(kind, f"the model's server did not answer in time ({type(error).__name__})") from error
        except httpx.TransportError as error:
            raise ModelError("unavailable", f"the model's server cannot be reached ({type(error).__name__})") from error

    def _body(self, chat: Chat, stream: bool) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.text} for message in chat.messages],
            "max_tokens": chat.max_tokens,
            "stream": stream,
        }
        optional = {"temperature": chat.temperature, "top_p": chat.top_p, "stop": list(chat.stop) or None}
        body |= {name: value for name, value in optional.items() if value is not None}
        return body | {"stream_options": {"include_usage": True}} if stream else body

    def _headers(self) -> dict[str, str]:
        key = os.environ.get(KEY_VARIABLE, "")
        if self._key_file:
            try:
                key = Path(self._key_file).read_text().strip()
            except OSError as error:
                raise ModelError("denied", f"the key file {self._key_file} cannot be read: {error.strerror}") from None
        if not key:
            return {}
        if not (key.isascii() and key.isprintable()):
            raise ModelError("denied", "the model's API key is not one line of ASCII characters")
        return {"authorization": f"Bearer {key}"}


def _decode(body: bytes | str) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise ModelError("failed", "the model's server answered with something else than JSON")
    if "error" in document:  # in the middle of a stream, after the status was 200
        raise _failure(500, json.dumps(document).encode(), None)
    return document


def _delta(document: dict[str, Any]) -> tuple[str, str | None]:
    """The text of a piece, and why it is the last one. The piece that has the usage has no choices."""
    try:
        choices = document.get("choices") or [{}]
        return str((choices[0].get("delta") or {}).get("content") or ""), choices[0].get("finish_reason")
    except (LookupError, AttributeError, TypeError):
        raise ModelError("failed", "the model's server sent a piece of another shape") from None


def _stop(reason: Any) -> StopReason:
    if reason == "content_filter":
        raise ModelError("refused", "the model's server filtered its answer")
    return _STOPS.get(str(reason), "end")


def _usage(told: Any, chat: Chat, text: str) -> Usage:
    """The server's own figures; by our rule where it gives none."""
    try:
        return Usage(int(told["prompt_tokens"]), int(told["completion_tokens"]))
    except (TypeError, KeyError, ValueError):
        return Usage(count_messages(chat.messages), count(text))


def _failure(status: int, body: bytes, retry_after: str | None) -> ModelError:
    """What an error of the server means. Its own words stay out of ours: some servers repeat prompt or key in them."""
    told = body[:10_000].decode(errors="replace").lower()
    kind = _STATUSES.get(status, "unavailable" if status >= 500 else "failed")
    if status in _MAY_BE_LENGTH and any(words in told for words in _TOO_LONG):
        kind = "prompt_too_long"
    elif kind == "failed" and "content_filter" in told:
        kind = "refused"
    seconds = float(retry_after) if retry_after and retry_after.replace(".", "", 1).isdigit() else None
    return ModelError(kind, f"the model's server answered with HTTP status {status}", retry_after=seconds)
