"""The adapter to OpenAI-compatible servers: over real HTTP against llmock's, and against what that one never says."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from llmock.scenarios import Delay, Fail, Reply, StreamFault
from llmock.simulation import MockResponseSettings
from llmock.testing import LLMockServer

from localcloud.http import Request, Response, json_response, serve
from localcloud.model import Chat, Completion, End, Message, ModelError, Usage
from localcloud.model import openai as adapter
from localcloud.model.openai import OpenAiModel
from localcloud.model.settings import KEY_VARIABLE

pytestmark = pytest.mark.anyio
KEY = "sk-local-marker-4711"
CHAT = Chat((Message("system", "Be brief."), Message("user", "Name a colour.")), 40, 24_000, 0.2, 0.9, ("\n\n",))


@pytest.fixture(scope="module")
def server() -> Iterator[LLMockServer]:
    with LLMockServer(responses=MockResponseSettings()) as running:
        yield running


@pytest.fixture
def model(server: LLMockServer) -> OpenAiModel:
    server.state.reset()
    return OpenAiModel(server.base_url("openai"), "llama3.3")


async def streamed(model: OpenAiModel) -> tuple[list[str], End]:
    pieces = [piece async for piece in model.stream(CHAT)]
    end = pieces.pop()
    assert isinstance(end, End)
    return [str(piece) for piece in pieces], end


async def failure(model: OpenAiModel, *, stream: bool = False) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await (streamed(model) if stream else model.complete(CHAT))
    return caught.value


async def until_it_breaks(model: OpenAiModel) -> tuple[list[str | End], ModelError]:
    said: list[str | End] = []
    try:
        async for piece in model.stream(CHAT):
            said.append(piece)  # noqa: PERF401 - what came before the error counts
    except ModelError as error:
        return said, error
    raise AssertionError(f"it did not break: {said}")


async def test_a_whole_answer(server: LLMockServer, model: OpenAiModel) -> None:
    server.state.scenarios.add(Reply(text="Blue, I think."))
    answer = await model.complete(CHAT)
    assert (answer.text, answer.stop) == ("Blue, I think.", "end")
    assert answer.usage.input_tokens > 0
    assert answer.usage.output_tokens > 0
    [record] = server.state.journal.records()
    assert record.body == {
        "model": "llama3.3", "max_tokens": 40, "stream": False, "temperature": 0.2, "top_p": 0.9, "stop": ["\n\n"],
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Name a colour."}],
    }  # fmt: skip


async def test_a_streamed_answer(server: LLMockServer, model: OpenAiModel) -> None:
    server.state.scenarios.add(Reply(text="Blue, I think.", times=2))
    pieces, end = await streamed(model)
    assert len(pieces) > 1
    whole = await model.complete(CHAT)
    assert Completion("".join(pieces), end.usage, end.stop) == whole


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fail(429, retry_after=7), "throttled"),
        (Fail(408), "timed_out"),
        (Fail(504), "timed_out"),
        (Fail(401), "denied"),
        (Fail(403), "denied"),
        (Fail(404), "failed"),
        (Fail(500), "unavailable"),
        (Fail(503), "unavailable"),
        (Fail(400, code="context_length_exceeded"), "prompt_too_long"),
        (Fail(400, message="This model's maximum context length is 10 tokens."), "prompt_too_long"),
        (
            Fail(500, message="the request exceeds the available context size: exceed_context_size_error"),
            "prompt_too_long",
        ),
        (Fail(400, code="content_filter"), "refused"),
        (Fail(422), "failed"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_each_error(server: LLMockServer, model: OpenAiModel, fault: Fail, kind: str, stream: bool) -> None:
    server.state.scenarios.add(fault)
    error = await failure(model, stream=stream)
    assert error.kind == kind
    assert kind != "throttled" or error.retry_after == 7


@pytest.mark.parametrize(
    ("fault", "kind"), [("truncate", "failed"), ("malformed", "failed"), ("disconnect", "unavailable")]
)
async def test_a_stream_that_breaks(server: LLMockServer, model: OpenAiModel, fault: Any, kind: str) -> None:
    server.state.scenarios.add(Reply(text="one two three four five six"), StreamFault(fault, after_chunks=3))
    said, error = await until_it_breaks(model)
    assert error.kind == kind
    assert said == ["one ", "two "]


async def test_nobody_there_or_too_slow(
    server: LLMockServer, model: OpenAiModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await failure(OpenAiModel("http://127.0.0.1:9/v1", "m"))).kind == "unavailable"
    monkeypatch.setattr(adapter, "_SILENT_FOR", 0.2)
    server.state.scenarios.add(Delay(2))
    assert (await failure(model)).kind == "timed_out"


async def test_an_answer_that_is_not_read_to_its_end_is_let_go(server: LLMockServer, model: OpenAiModel) -> None:
    server.state.scenarios.add(Reply(text="one two three"), StreamFault("stall", after_chunks=2, stall_seconds=5))
    pieces = model.stream(CHAT)
    await anext(pieces)
    await asyncio.wait_for(pieces.aclose(), 2)  # type: ignore[attr-defined]


async def test_the_key_goes_to_the_server_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str | None] = []

    async def handle(request: Request) -> Response:
        seen.append(request.header("authorization"))
        # As some servers do, it repeats what it was sent.
        return json_response(
            401, {"error": {"message": f"Incorrect API key provided: {request.header('authorization')}"}}
        )

    other = await serve(handle)
    url = f"http://127.0.0.1:{other.port}/v1"
    key_file = tmp_path / "key"
    key_file.write_text(f"{KEY}\n")
    caplog.set_level(logging.DEBUG)
    errors = [await failure(OpenAiModel(url, "m", key_file=str(key_file)))]
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    errors.append(await failure(OpenAiModel(url, "m")))
    monkeypatch.delenv(KEY_VARIABLE)
    errors.append(await failure(OpenAiModel(url, "m")))
    key_file.write_text(f"{KEY}\r\nx-injected: 1")
    errors.append(await failure(OpenAiModel(url, "m", key_file=str(key_file))))
    errors.append(await failure(OpenAiModel(url, "m", key_file=str(tmp_path / "none"))))
    await other.close(0)
    assert seen == [f"Bearer {KEY}", f"Bearer {KEY}", None]
    assert [error.kind for error in errors] == ["denied"] * 5
    assert KEY not in "".join(map(str, errors)) + caplog.text


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"hello", "failed"),
        (200, b"[]", "failed"),
        (200, b"{}", "failed"),
        (200, b'{"choices": [{"message": null}]}', "failed"),
        (200, b'{"choices": [{"message": {"content": "x"}, "finish_reason": "content_filter"}]}', "refused"),
        (200, b'{"error": {"message": "context window"}}', "prompt_too_long"),
        (413, b"", "prompt_too_long"),
        (302, b"", "failed"),
    ],
)
async def test_answers_of_another_shape(status: int, body: bytes, kind: str) -> None:
    async def handle(_: Request) -> Response:
        return Response(status, [("location", "http://127.0.0.1:9/")], body)

    other = await serve(handle)
    assert (await failure(OpenAiModel(f"http://127.0.0.1:{other.port}", "m"))).kind == kind
    await other.close(0)


async def test_usage_by_our_own_rule_where_the_server_gives_none() -> None:
    async def handle(_: Request) -> Response:
        return json_response(200, {"choices": [{"message": {"content": "colours"}, "finish_reason": "length"}]})

    other = await serve(handle)
    answer = await OpenAiModel(f"http://127.0.0.1:{other.port}/v1/", "m").complete(CHAT)
    await other.close(0)
    assert answer == Completion("colours", Usage(7, 2), "length")
