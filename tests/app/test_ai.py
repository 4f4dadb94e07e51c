"""Faults of a model's adapter, which no engine can be told to have; the answers are the contract suite's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from app.api import app
from app.memory import MemoryAnswer, MemoryFailure, MemoryPiece, MemoryPorts, MemoryTextModel

pytestmark = pytest.mark.anyio


@dataclass
class Faulty(MemoryTextModel):
    """Breaks where a cloud's client would: with an exception."""

    pieces: int = 0

    async def stream(self, prompt: str, max_tokens: int) -> AsyncIterator[MemoryPiece | MemoryAnswer | MemoryFailure]:
        for _ in range(self.pieces):
            yield MemoryPiece("a")
        raise RuntimeError("marker-of-a-secret")


async def ask(model: MemoryTextModel, *, stream: bool) -> httpx.Response:
    ports = MemoryPorts(text_model=model)

    async def server(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "parallax": ports}, receive, send)

    transport = httpx.ASGITransport(app=server, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://memory") as client:
        return await client.post("/ai", json={"prompt": "Hello", "stream": stream})


async def test_a_fault_in_a_stream_ends_it_with_a_problem_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = await ask(Faulty(pieces=1), stream=True)
    assert answer.status_code == 200
    assert answer.text == (
        'event: piece\ndata: {"text":"a"}\n\n'
        'event: problem\ndata: {"type":"about:blank","title":"Internal Server Error","status":500,'
        '"detail":"The application failed. Its log says why.","code":"internal_error"}\n\n'
    )
    assert "marker-of-a-secret" in caplog.text


async def test_a_fault_before_a_stream_is_an_ordinary_one() -> None:
    answer = await ask(Faulty(), stream=True)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "marker-of-a-secret" not in answer.text


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("failure", "retry_after"),
    [
        (MemoryFailure("throttled"), "5"),
        (MemoryFailure("throttled", 30), "30"),
        (MemoryFailure("unavailable"), None),
        (MemoryFailure("unavailable", 2), "2"),
    ],
)
async def test_when_to_come_back(failure: MemoryFailure, retry_after: str | None, *, stream: bool) -> None:
    assert (await ask(MemoryTextModel(failure), stream=stream)).headers.get("retry-after") == retry_after
