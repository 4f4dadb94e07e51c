"""Bedrock's answers, streams and errors, as the port knows them."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from app.ports import TextModel
from functions.clients import Clients
from functions.errors import ServiceError
from functions.text_model import ERRORS, REFUSALS, STOPS, Answer, BedrockTextModel, Failure, Piece
from tests.functions.service import Reply, Service, event

pytestmark = pytest.mark.anyio
MODEL = "us.meta.llama3-3-70b-instruct-v1:0"
TOO_LONG = [
    "Input is too long for requested model.",
    "This model's maximum context length is 128000 tokens. Please reduce the length of the prompt",
]


def model(seconds: int = 5) -> TextModel:
    return BedrockTextModel(Clients(), MODEL, seconds)


def converse(text: str = "Hi", stop: str = "end_turn") -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": stop,
        "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
        "metrics": {"latencyMs": 1},
    }


def stream(*texts: str, end: bytes | None = None, **more: Any) -> Reply:
    start = event("messageStart", {"role": "assistant"})
    pieces = [event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": text}}) for text in texts]
    usage = {"usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}, "metrics": {"latencyMs": 1}}
    ends = event("messageStop", {"stopReason": "max_tokens"}) + event("metadata", usage)
    headers = {"content-type": "application/vnd.amazon.eventstream"}
    return Reply(start + b"".join(pieces) + (ends if end is None else end), headers=headers, **more)


async def test_an_answer(service: Service) -> None:
    service.replies = [Reply(converse())]
    assert await model().answer("Hello", 16) == Answer("Hi", MODEL, 3, 2, "end")
    (asked,) = service.requests
    assert asked["path"] == f"/model/{MODEL.replace(':', '%3A')}/converse"
    assert asked["body"]["messages"] == [{"role": "user", "content": [{"text": "Hello"}]}]
    assert asked["body"]["inferenceConfig"] == {"maxTokens": 16}


async def test_a_stream_is_pieces_and_then_the_whole(service: Service) -> None:
    service.replies = [stream("H", "", "i")]
    parts = [part async for part in model().stream("Hello", 16)]
    assert parts == [Piece("H"), Piece("i"), Answer("Hi", MODEL, 3, 2, "length")]
    assert service.requests[0]["path"].endswith("/converse-stream")


async def test_every_reason_to_stop_is_known(service: Service) -> None:
    operation = botocore.session.get_session().get_service_model("bedrock-runtime").operation_model("Converse")
    assert STOPS.keys() | REFUSALS.keys() == set(operation.output_shape.members["stopReason"].enum)
    for reason, stop in STOPS.items():
        service.replies = [Reply(converse(stop=reason))]
        assert await model().answer("Hello", 16) == Answer("Hi", MODEL, 3, 2, stop)
    for reason, failure in REFUSALS.items():
        service.replies = [Reply(converse(stop=reason))]
        assert await model().answer("Hello", 16) == Failure(failure)


async def test_every_error_of_the_service_is_known_and_none_passes(service: Service) -> None:
    bedrock = botocore.session.get_session().get_service_model("bedrock-runtime")
    modelled = {
        e.name: e for name in ("Converse", "ConverseStream") for e in bedrock.operation_model(name).error_shapes
    }
    inside = bedrock.operation_model("ConverseStream").output_shape.members["stream"].members
    assert modelled.keys() | {n[0].upper() + n[1:] for n in inside if n.endswith("Exception")} <= ERRORS.keys()
    for code, shape in modelled.items():
        service.replies = [Reply.error(code, status=shape.metadata["error"]["httpStatusCode"])]
        if (reason := ERRORS[code]) is None:
            with pytest.raises(ServiceError, match=code):
                await model().answer("Hello", 16)
        else:
            assert await model().answer("Hello", 16) == Failure(reason)
            assert [part async for part in model().stream("Hello", 16)] == [Failure(reason)]


def test_what_an_application_can_tell_apart() -> None:
    # Said apart from the tables: the tests that walk them take their expectations from them.
    assert {code for code, reason in ERRORS.items() if reason == "throttled"} == {"ThrottlingException"}
    timed_out = {"ModelTimeoutException", "ReadTimeoutError"}
    assert {code for code, reason in ERRORS.items() if reason == "timed_out"} == timed_out
    assert {code for code, reason in ERRORS.items() if reason is None} == {
        "AccessDeniedException",
        "ResourceNotFoundException",
        "ValidationException",
    }
    assert {stop for stop, reason in REFUSALS.items() if reason == "refused"} == {
        "guardrail_intervened",
        "content_filtered",
    }
    assert STOPS["max_tokens"] == "length"
    assert STOPS["end_turn"] == "end"


async def test_a_call_is_tried_once_and_says_when_to_come_again(service: Service) -> None:
    service.replies = [Reply.error("ThrottlingException", status=429, retry_after="17")]
    assert await model().answer("Hello", 16) == Failure("throttled", 17)
    assert len(service.requests) == 1


@pytest.mark.parametrize("message", TOO_LONG)
async def test_a_prompt_that_is_too_long(service: Service, message: str) -> None:
    service.replies = [Reply.error("ValidationException", message)]
    assert await model().answer("Hello", 16) == Failure("prompt_too_long")


async def test_another_invalid_request_is_a_fault(service: Service) -> None:
    service.replies = [Reply.error("ValidationException", "The provided model identifier is invalid.")]
    with pytest.raises(ServiceError, match="model identifier"):
        await model().answer("Hello", 16)


async def test_an_answer_that_does_not_come(service: Service) -> None:
    service.replies = [Reply(converse(), delay=1.3)]
    assert await model(seconds=1).answer("Hello", 16) == Failure("timed_out")
    assert len(service.requests) == 1


async def test_a_service_that_is_not_there(monkeypatch: pytest.MonkeyPatch, service: Service) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert await model().answer("Hello", 16) == Failure("unavailable")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("throttlingException", "throttled"), ("modelStreamErrorException", "unavailable")],
)
async def test_an_error_in_the_middle_of_a_stream(service: Service, name: str, reason: Any) -> None:
    service.replies = [stream("H", end=event(name, {"message": "…"}, exception=True))]
    parts = [part async for part in model().stream("Hello", 16)]
    assert parts == [Piece("H"), Failure(reason)]


async def test_a_stream_that_breaks_off(service: Service) -> None:
    service.replies = [stream("H", end=b"", cut=True)]
    assert [part async for part in model().stream("Hello", 16)] == [Piece("H"), Failure("unavailable")]
