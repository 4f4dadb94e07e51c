"""Workers AI's REST API by the official client, and by what that client cannot send."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from cloudflare import APIStatusError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localcloud.cloudflare.ai.exceptions import AiError
from localcloud.cloudflare.ai.inputs import chat_of
from localcloud.model import count
from localcloud.model.settings import ModelSettings, save

pytestmark = pytest.mark.anyio

ACCOUNT = "00000000000000000000000000000001"
MODEL = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
RUN = f"/accounts/{ACCOUNT}/ai/run"


def tell_model(api: Any, **how: Any) -> None:
    save(Path(api.files).parent / "model.json", ModelSettings(**how))


async def ask(api: Any, inputs: Any, model: str = MODEL, **more: Any) -> tuple[int, Any]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{api.port}/client/v4") as client:
        content = {"content": inputs} if isinstance(inputs, bytes) else {"json": inputs}
        answer = await client.post(f"{RUN}/{model}", headers={"authorization": "Bearer any"}, **content, **more)
    return answer.status_code, answer.json()


async def events(api: Any, inputs: Any) -> list[str]:
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{api.port}/client/v4") as client,
        client.stream(
            "POST", f"{RUN}/{MODEL}", headers={"authorization": "Bearer any"}, json=inputs | {"stream": True}
        ) as answer,
    ):
        assert answer.headers["content-type"] == "text/event-stream"
        return [line.removeprefix("data: ") async for line in answer.aiter_lines() if line]


async def test_the_official_client_runs_it(api: Any) -> None:
    answer = await api.client.ai.run(MODEL, account_id=ACCOUNT, prompt="Hello", max_tokens=20)
    assert answer["response"].startswith('[local model] You asked: "Hello')
    assert answer["usage"] == {"prompt_tokens": 2, "completion_tokens": 20, "total_tokens": 22}
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}]
    chat = await api.client.ai.run(MODEL, account_id=ACCOUNT, messages=messages)
    assert chat["response"] != answer["response"]
    assert chat["usage"]["prompt_tokens"] == count("Be brief.") + count("Hello")


async def test_a_stream_says_the_same_in_pieces(api: Any) -> None:
    _, whole = await ask(api, {"prompt": "Hello"})
    *pieces, last, done = await events(api, {"prompt": "Hello"})
    assert done == "[DONE]"
    assert json.loads(last) == {"response": "", "usage": whole["result"]["usage"]}
    assert "".join(json.loads(piece)["response"] for piece in pieces) == whole["result"]["response"]
    assert len(pieces) == whole["result"]["usage"]["completion_tokens"]


async def test_a_stream_comes_while_it_is_made(api: Any) -> None:
    tell_model(api, tokens_per_second=50)
    times = []
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{api.port}/client/v4") as client,
        client.stream(
            "POST", f"{RUN}/{MODEL}", headers={"authorization": "Bearer any"},
            json={"prompt": "Hello", "stream": True, "max_tokens": 25},
        ) as answer,
    ):  # fmt: skip
        async for _ in answer.aiter_raw():
            times.append(time.monotonic())  # noqa: PERF401 - one at each moment
    assert times[-1] - times[0] > 0.35
    assert len(times) > 15


async def test_the_catalogue_has_one_llama_3_3(api: Any) -> None:
    found = [model async for model in api.client.ai.models.list(account_id=ACCOUNT, search="llama-3.3")]
    assert [model["name"] for model in found] == [MODEL]
    assert {"property_id": "context_window", "value": "24000"} in found[0]["properties"]
    for more in ({"author": "mistral"}, {"task": "Text-to-Image"}, {"search": "gpt"}, {"source": 2.0}):
        assert [model async for model in api.client.ai.models.list(account_id=ACCOUNT, **more)] == []


async def test_the_shorter_name_is_refused_and_the_right_one_named(api: Any) -> None:
    wrong = "@cf/meta/llama-3.3-70b-instruct"
    with pytest.raises(APIStatusError) as caught:
        await api.client.ai.run(wrong, account_id=ACCOUNT, prompt="Hello")
    assert caught.value.status_code == 400
    body = caught.value.response.json()
    assert body["errors"][0]["code"] == 5007
    assert body["errors"][0]["message"].startswith(f"AiError: AiError: No such model {wrong} or task (")
    assert MODEL in body["messages"][0]["message"]
    assert (body["success"], body["result"]) == (False, {})
    assert (await ask(api, {"prompt": "a", "stream": True}, wrong))[0] == 400


@pytest.mark.parametrize(
    ("inputs", "status", "code", "told"),
    [
        ({}, 400, 5006, "oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt'"),
        ({"prompt": ""}, 400, 5006, "Length of '/prompt' must be >= 1 not met"),
        ({"prompt": 1}, 400, 5006, "Type mismatch of '/prompt', 'number' not in 'string'"),
        ({"messages": []}, 400, 5006, "/messages"),
        ({"messages": [{"role": "user"}]}, 400, 5006, "required properties at '/messages/0' are 'role,content'"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]}, 400, 5006,
         "Type mismatch of '/messages/0/content', 'array' not in 'string'"),
        ({"prompt": "a", "max_tokens": "5"}, 400, 5006, "Type mismatch of '/max_tokens', 'string' not in 'number'"),
        ({"prompt": "a", "max_tokens": 1.5}, 400, 5006, "integer"),
        ({"prompt": "a", "temperature": 6}, 400, 5006, "'/temperature' must be <= 5"),
        ({"prompt": "a", "stream": "yes"}, 400, 5006, "'string' not in 'boolean'"),
        ([], 400, 5006, "Type mismatch of '/', 'array' not in 'object'"),
        (b"{", 400, 6007, "Malformed JSON"),
        ({"prompt": "a", "tools": [{}]}, 501, 10405, "tools is not served"),
        ({"prompt": "word " * 23_900}, 413, 5021,
         "input and maximum output tokens (24157) exceeded this model context window limit (24000)."),
        ({"prompt": "a", "max_tokens": 24_000}, 413, 5021, "tokens (24001) exceeded"),
    ],
)  # fmt: skip
async def test_inputs_that_cloudflare_refuses(api: Any, inputs: Any, status: int, code: int, told: str) -> None:
    answered, body = await ask(api, inputs)
    assert (answered, body["errors"][0]["code"]) == (status, code)
    assert told in body["errors"][0]["message"]


FAILURES = [
    ("throttled", 429, 3040, "Capacity temporarily exceeded, please try again."),
    ("timed_out", 408, 3007, "Request timeout"),
    ("refused", 424, 2016, "Prompt blocked due to security configurations"),
    ("guardrail", 424, 2016, "Prompt blocked due to security configurations"),
    ("denied", 403, 5018, "The account is not allowed to access this model"),
    ("failed", 500, 3043, "Internal server error"),
    ("unavailable", 500, 3043, "Internal server error"),
    ("prompt_too_long", 413, 5021, "exceeded this model context window limit (24000)."),
]


@pytest.mark.parametrize(("kind", "status", "code", "told"), FAILURES)
async def test_each_failure_before_the_answer(api: Any, kind: str, status: int, code: int, told: str) -> None:
    tell_model(api, fail=kind)
    for inputs in ({"prompt": "Hello"}, {"prompt": "Hello", "stream": True}):
        answered, body = await ask(api, inputs)
        assert (answered, body["errors"][0]["code"]) == (status, code)
        assert told in body["errors"][0]["message"]


async def test_a_failure_half_way_breaks_the_stream_off(api: Any) -> None:
    tell_model(api, fail="unavailable", after_tokens=3)
    with pytest.raises(httpx.RemoteProtocolError):
        await events(api, {"prompt": "Hello"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(["prompt", "messages", "max_tokens", "temperature", "top_p", "stream", "seed", "raw", "tools"])


@settings(suppress_health_check=list(HealthCheck))
@given(st.dictionaries(fields, json_values, max_size=5) | json_values)
def test_whatever_is_sent_is_a_conversation_or_an_error_of_the_callers(inputs: Any) -> None:
    try:
        chat = chat_of(inputs)
    except AiError as error:
        status, code = error.status, error.code
    else:
        status, code = 200, 0
        assert chat.messages
        assert 1 <= chat.max_tokens <= chat.context_window
    assert status < 500 or code == 10405
