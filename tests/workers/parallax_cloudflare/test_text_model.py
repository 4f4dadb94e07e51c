"""Workers AI's answers, streams and errors, as the port knows them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from parallax_cloudflare import text_model
from parallax_cloudflare.errors import ServiceError
from parallax_cloudflare.javascript import JsException
from parallax_cloudflare.text_model import ERRORS, Answer, Failure, Piece, WorkersAiTextModel

from app.ports import TextModel

pytestmark = pytest.mark.anyio
MODEL = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
NOON = 1_800_014_400.0 // 86_400 * 86_400 + 43_200


class Reader:
    def __init__(self, chunks: Sequence[bytes | Exception]) -> None:
        self.chunks = list(chunks)
        self.cancelled = False

    async def read(self) -> Any:
        if not self.chunks:
            return SimpleNamespace(done=True, value=None)
        chunk = self.chunks.pop(0)
        if isinstance(chunk, Exception):
            raise chunk
        return SimpleNamespace(done=False, value=SimpleNamespace(to_bytes=lambda: chunk))

    async def cancel(self) -> None:
        self.cancelled = True


class Ai:
    """The binding, which answers, throws or streams."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    async def run(self, model: str, request: Mapping[str, Any]) -> Any:
        self.asked.append((model, request))
        if isinstance(self.answer, Exception):
            raise self.answer
        if isinstance(self.answer, float):
            await asyncio.sleep(self.answer)
        return SimpleNamespace(getReader=lambda: self.answer) if isinstance(self.answer, Reader) else self.answer


def model(ai: Ai) -> TextModel:
    return WorkersAiTextModel(ai, MODEL, lambda: NOON)


async def parts(ai: Ai) -> list[Any]:
    return [part async for part in model(ai).stream("Hello", 16)]


def sse(*events: Any, done: bool = True) -> bytes:
    lines = [f"data: {json.dumps(event)}\n\n" for event in events] + (["data: [DONE]\n\n"] if done else [])
    return "".join(lines).encode()


async def test_an_answer() -> None:
    ai = Ai({"response": "Hi", "usage": USAGE})
    assert await model(ai).answer("Hello", 16) == Answer("Hi", MODEL, 3, 2, "end")
    assert ai.asked == [(MODEL, {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 16})]
    assert await model(ai).answer("Hello", 2) == Answer("Hi", MODEL, 3, 2, "length")


async def test_an_answer_in_the_newer_format() -> None:
    choice = {"message": {"role": "assistant", "content": "Hi"}, "finish_reason": "length"}
    assert await model(Ai({"choices": [choice], "usage": USAGE})).answer("Hello", 16) == Answer(
        "Hi", MODEL, 3, 2, "length"
    )


@pytest.mark.parametrize("cut", [1, 7, 1000])
async def test_a_stream_is_pieces_wherever_its_chunks_end(cut: int) -> None:
    whole = sse({"response": "H"}, {"response": "é"}, {"response": "", "usage": USAGE})
    reader = Reader([whole[start : start + cut] for start in range(0, len(whole), cut)])
    ai = Ai(reader)
    assert await parts(ai) == [Piece("H"), Piece("é"), Answer("Hé", MODEL, 3, 2, "end")]
    assert ai.asked[0][1]["stream"] is True
    assert reader.cancelled


async def test_a_stream_in_the_newer_format() -> None:
    events = [
        {"choices": [{"delta": {"content": "Hi"}, "finish_reason": None}]},
        {"choices": [{"delta": {}, "finish_reason": "length"}]},
        {"choices": [], "usage": USAGE},
    ]
    assert await parts(Ai(Reader([sse(*events)]))) == [Piece("Hi"), Answer("Hi", MODEL, 3, 2, "length")]


async def test_a_stream_that_ends_badly() -> None:
    start = sse({"response": "H"}, done=False)
    assert await parts(Ai(Reader([start]))) == [Piece("H"), Failure("unavailable")]
    lost = JsException("Error: Network connection lost.")
    assert await parts(Ai(Reader([start, lost]))) == [Piece("H"), Failure("unavailable")]
    told = sse({"errors": [{"code": 3040, "message": "Out of capacity"}]}, done=False)
    assert await parts(Ai(Reader([start, told]))) == [Piece("H"), Failure("throttled")]


@pytest.mark.parametrize("code", ERRORS)
async def test_every_code_is_a_failure_or_a_fault(code: str) -> None:
    ai = Ai(JsException(f"InferenceUpstreamError: AiError: {code}: as Cloudflare words it"))
    reason = ERRORS[code]
    if reason is None:
        with pytest.raises(ServiceError) as caught:
            await model(ai).answer("Hello", 16)
        assert caught.value.code == code
        return
    failure = await model(ai).answer("Hello", 16)
    assert isinstance(failure, Failure)
    assert failure.reason == reason
    assert (failure.retry_after > 0) == (code == "3036")
    assert await parts(ai) == [failure]


def test_what_an_application_can_tell_apart() -> None:
    # Said apart from the table: the test above takes its expectation from it.
    expected = {
        "refused": {"2016", "2017"},
        "prompt_too_long": {"3006", "5021"},
        "timed_out": {"3007", "3008"},
        "throttled": {"3036", "3040"},
    }
    assert {reason: {code for code in ERRORS if ERRORS[code] == reason} for reason in expected} == expected
    assert ERRORS["3043"] == "unavailable"


async def test_a_used_up_day_ends_at_midnight() -> None:
    ai = Ai(JsException("AiError: 3036: You have used up your daily free allocation of 10,000 neurons."))
    assert await model(ai).answer("Hello", 16) == Failure("throttled", 43_200)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("AiError: This model's maximum context length is 24000 tokens. However, you requested", "prompt_too_long"),
        ("AiError: 5021: The estimated number of input tokens (5007) exceeded this model's window", "prompt_too_long"),
        ("InferenceUpstreamError: rate limited: too many requests", "throttled"),
        ("AiError: request timed out", "timed_out"),
        ("Error: Network connection lost.", "unavailable"),
        ("InferenceUpstreamError: 503 Service Unavailable", "unavailable"),
    ],
)
async def test_an_error_without_a_known_code_goes_by_its_words(message: str, reason: str) -> None:
    failure = await model(Ai(JsException(message))).answer("Hello", 16)
    assert isinstance(failure, Failure)
    assert failure.reason == reason


async def test_an_error_that_nobody_knows_is_a_fault() -> None:
    with pytest.raises(ServiceError, match="Workers AI: TypeError: x is not a function"):
        await model(Ai(JsException("TypeError: x is not a function"))).answer("Hello", 16)


async def test_an_answer_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_model, "SECONDS", 0.05)
    assert await model(Ai(9.0)).answer("Hello", 16) == Failure("timed_out")
    assert await parts(Ai(9.0)) == [Failure("timed_out")]
