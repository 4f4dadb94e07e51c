"""The text model, as its client sees it."""

import json
import re
from typing import Any

import httpx
import pytest

from app.ports import FailureReason
from tests.contract.engine import Engine
from tests.contract.test_api import PROBLEM, problem

pytestmark = pytest.mark.anyio

MEMBERS = ["text", "model", "input_tokens", "output_tokens", "stop"]
FAILURES: list[tuple[FailureReason, bytes, str]] = [
    (
        "throttled",
        problem(
            "Too Many Requests",
            429,
            "The model takes no more requests for now. Try again later.",
            "model_throttled",
        ),
        "[1-9][0-9]*",
    ),
    (
        "timed_out",
        problem(
            "Gateway Timeout", 504, "The model took too long. Ask for fewer tokens, or try again.", "model_timed_out"
        ),
        "",
    ),
    (
        "refused",
        problem("Unprocessable Content", 422, "The model will not answer this prompt.", "model_refused"),
        "",
    ),
    (
        "prompt_too_long",
        problem("Unprocessable Content", 422, "The prompt is longer than the model takes.", "prompt_too_long"),
        "",
    ),
    (
        "unavailable",
        problem("Service Unavailable", 503, "The model gives no answer now. Try again later.", "model_unavailable"),
        "([1-9][0-9]*)?",
    ),
]


def events(body: str) -> list[tuple[str, dict[str, Any]]]:
    """Server-sent events, by the HTML standard's rules as far as this API uses them."""
    parts = body.split("\n\n")
    assert parts.pop() == ""
    found = []
    for part in parts:
        name, data = part.split("\n")
        assert name.startswith("event: ")
        assert data.startswith("data: ")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


async def test_the_greeting(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ai")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    said = answer.json()
    assert list(said) == MEMBERS
    assert said["text"]
    assert said["model"]
    assert said["input_tokens"] >= 1
    assert said["output_tokens"] >= 1
    assert said["stop"] == "end"


async def test_head_does_not_wait_for_the_model(client: httpx.AsyncClient, engine: Engine) -> None:
    if engine.model is None:
        pytest.skip("a real model cannot be told to fail")
    with engine.model.failing("unavailable"):
        head = await client.head("/ai")
    assert (head.status_code, head.headers["content-type"], head.content) == (200, "application/json", b"")


async def test_a_prompt_is_answered_and_its_tokens_are_counted(client: httpx.AsyncClient) -> None:
    short, long = [
        (await client.post("/ai", json={"prompt": prompt})).json() for prompt in ("Zebra", "Zebra, zebra. " * 50)
    ]
    assert list(short) == MEMBERS
    assert 1 <= short["input_tokens"] < long["input_tokens"]


async def test_max_tokens_cuts_an_answer(client: httpx.AsyncClient) -> None:
    answer = await client.post("/ai", json={"prompt": "Count to one hundred.", "max_tokens": 2.0})
    said = answer.json()
    assert (answer.status_code, said["stop"]) == (200, "length")
    assert said["output_tokens"] <= 2


async def test_a_stream_says_what_a_whole_answer_says(client: httpx.AsyncClient, engine: Engine) -> None:
    prompt = {"prompt": 'Repeat: é 😀 "\n\n" \u2028', "max_tokens": 64}
    streamed = await client.post("/ai", json=prompt | {"stream": True})
    assert (streamed.status_code, streamed.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    found = events(streamed.text)
    assert [name for name, _ in found] == ["piece"] * (len(found) - 1) + ["answer"]
    answer = found[-1][1]
    assert list(answer) == MEMBERS
    assert "".join(piece["text"] for _, piece in found[:-1]) == answer["text"]
    if engine.model is not None:  # a real model may well find other words
        assert len(found) > 2
        assert (await client.post("/ai", json=prompt)).json() == answer


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "prompt is missing or not a string."),
        (b"[]", "The body is not an object with no other members than prompt, max_tokens, stream."),
        (b"null", "The body is not an object with no other members than prompt, max_tokens, stream."),
        (
            b'{"prompt":"a","Prompt":1}',
            "The body is not an object with no other members than prompt, max_tokens, stream.",
        ),
        (b'{"prompt":1}', "prompt is missing or not a string."),
        (b'{"prompt":["a"]}', "prompt is missing or not a string."),
        (b'{"prompt":"a","stream":1}', "stream is neither true nor false."),
        *(
            (b'{"prompt":"a","max_tokens":%b}' % tokens, "max_tokens is not a whole number from 1 to 2048.")
            for tokens in (b"0", b"2049", b"1.5", b"true", b'"5"', b"null", b"1e300")
        ),
    ],
)
async def test_what_is_no_prompt(client: httpx.AsyncClient, body: bytes, detail: str) -> None:
    answer = await client.post("/ai", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.content == problem("Bad Request", 400, detail, "invalid_body")


@pytest.mark.parametrize("prompt", ["", " \n\t", "\u2003\u00a0"])
async def test_an_empty_prompt(client: httpx.AsyncClient, prompt: str) -> None:
    answer = await client.post("/ai", json={"prompt": prompt, "stream": True})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.content == problem("Bad Request", 400, "The prompt is empty.", "empty_prompt")


async def test_a_prompt_over_the_bound_does_not_reach_the_model(client: httpx.AsyncClient) -> None:
    answer = await client.post("/ai", json={"prompt": "é" * 16_385})
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    detail = "The prompt has more than 16384 characters."
    assert answer.content == problem("Unprocessable Content", 422, detail, "prompt_too_long")


async def test_a_prompt_at_the_bound(client: httpx.AsyncClient) -> None:
    answer = await client.post("/ai", json={"prompt": "é " * 8_192, "max_tokens": 1})
    assert answer.status_code == 200


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(("reason", "expected", "retry_after"), FAILURES, ids=[reason for reason, *_ in FAILURES])
async def test_each_failure_has_its_code(
    client: httpx.AsyncClient,
    engine: Engine,
    reason: FailureReason,
    expected: bytes,
    retry_after: str,
    *,
    streamed: bool,
) -> None:
    if engine.model is None:
        pytest.skip("a real model cannot be told to fail")
    with engine.model.failing(reason):
        answer = await client.post("/ai", json={"prompt": "Hello", "stream": streamed})
    assert answer.headers["content-type"] == PROBLEM
    assert (answer.content, answer.status_code) == (expected, json.loads(expected)["status"])
    assert re.fullmatch(retry_after, answer.headers.get("retry-after", ""))
    assert (await client.get("/ai")).status_code == 200


async def test_a_stream_that_breaks_ends_with_a_problem(client: httpx.AsyncClient, engine: Engine) -> None:
    if engine.model is None:
        pytest.skip("a real model cannot be told to fail")
    with engine.model.failing("unavailable", after=2):
        answer = await client.post("/ai", json={"prompt": "Hello", "stream": True})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    *pieces, (name, document) = events(answer.text)
    assert pieces
    assert {name for name, _ in pieces} == {"piece"}
    assert (name, document["code"], document["status"]) == ("problem", "model_unavailable", 503)
