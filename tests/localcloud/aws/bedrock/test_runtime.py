"""Calls of the text model through the whole front door, by real boto3 clients."""

import json
import time
from contextlib import closing
from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localcloud.model import count
from tests.localcloud.aws.conftest import ACCOUNT, Cloud

MODEL = "meta.llama3-3-70b-instruct-v1:0"
PROFILE = f"us.{MODEL}"
HELLO = [{"role": "user", "content": [{"text": "Hello"}]}]


def ask(cloud: Cloud, model: str = PROFILE, messages: Any = HELLO, **more: Any) -> Any:
    return cloud.client("bedrock-runtime").converse(modelId=model, messages=messages, **more)


def events(cloud: Cloud, messages: Any = HELLO, **more: Any) -> Any:
    return cloud.client("bedrock-runtime").converse_stream(modelId=PROFILE, messages=messages, **more)["stream"]


def refused(call: Any) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response
    return error["ResponseMetadata"]["HTTPStatusCode"], error["Error"]["Code"], error["Error"]["Message"]


def test_converse(cloud: Cloud) -> None:
    answer = ask(cloud, system=[{"text": "Be brief."}], inferenceConfig={"temperature": 0.2, "topP": 1})
    [block] = answer["output"]["message"]["content"]
    assert answer["output"]["message"]["role"] == "assistant"
    assert block["text"].startswith('[local model] You asked: "Hello".')
    assert answer["stopReason"] == "end_turn"
    spent = count("Be brief.") + count("Hello"), count(block["text"])
    assert answer["usage"] == {"inputTokens": spent[0], "outputTokens": spent[1], "totalTokens": sum(spent)}
    assert answer["metrics"]["latencyMs"] >= 0
    assert ask(cloud)["output"] == ask(cloud)["output"] != answer["output"]


def test_converse_stream_says_the_same_in_pieces(cloud: Cloud) -> None:
    whole = ask(cloud)
    seen = list(events(cloud))
    kinds = [next(iter(event)) for event in seen]
    pieces = [event["contentBlockDelta"]["delta"]["text"] for event in seen if "contentBlockDelta" in event]
    assert seen[0] == {"messageStart": {"role": "assistant"}}
    assert kinds[1:] == ["contentBlockDelta"] * len(pieces) + ["contentBlockStop", "messageStop", "metadata"]
    assert "".join(pieces) == whole["output"]["message"]["content"][0]["text"]
    assert len(pieces) > 10
    assert seen[-2]["messageStop"] == {"stopReason": "end_turn"}
    assert seen[-1]["metadata"]["usage"] == whole["usage"]


def test_a_stream_comes_while_it_is_made(cloud: Cloud) -> None:
    cloud.tell_model(tokens_per_second=50)
    stream = iter(events(cloud, inferenceConfig={"maxTokens": 30}))
    times = [time.monotonic() for event in stream if "contentBlockDelta" in event]
    assert len(times) == 30
    assert times[-1] - times[0] > 0.4
    assert times[1] - times[0] < 0.3


def test_the_answer_ends_where_it_is_told_to(cloud: Cloud) -> None:
    short = ask(cloud, inferenceConfig={"maxTokens": 5})
    assert (short["stopReason"], short["usage"]["outputTokens"]) == ("max_tokens", 5)
    stopped = ask(cloud, inferenceConfig={"stopSequences": ["No language"]})
    assert stopped["stopReason"] == "stop_sequence"
    assert stopped["output"]["message"]["content"][0]["text"] == '[local model] You asked: "Hello". '
    assert [e["messageStop"] for e in events(cloud, inferenceConfig={"maxTokens": 5}) if "messageStop" in e] == [
        {"stopReason": "max_tokens"}
    ]


@pytest.mark.parametrize(
    ("region", "model"),
    [
        ("us-east-1", PROFILE),
        ("us-west-2", f"arn:aws:bedrock:us-west-2:{ACCOUNT}:inference-profile/{PROFILE}"),
        ("us-east-2", MODEL),
        ("us-east-2", f"arn:aws:bedrock:us-east-2::foundation-model/{MODEL}"),
    ],
)
def test_where_the_model_can_be_called(cloud: Cloud, region: str, model: str) -> None:
    client = cloud.client("bedrock-runtime", region)
    assert client.converse(modelId=model, messages=HELLO)["stopReason"] == "end_turn"


@pytest.mark.parametrize(
    ("region", "model", "message"),
    [
        ("us-east-1", MODEL, f"Invocation of model ID {MODEL} with on-demand throughput isn’t supported. Retry"),  # noqa: RUF001
        ("eu-central-1", PROFILE, "The provided model identifier is invalid. (Of the local cloud's models"),
        ("us-east-1", "meta.llama3-3-70b", "The provided model identifier is invalid."),
        ("us-east-1", f"eu.{MODEL}", "The provided model identifier is invalid."),
        ("us-east-1", f"arn:aws:bedrock:us-east-1:999999999999:inference-profile/{PROFILE}",
         "The provided model identifier is invalid."),
        ("us-east-1", f"arn:aws:bedrock:us-west-2:{ACCOUNT}:inference-profile/{PROFILE}",
         "The provided model identifier is invalid."),
    ],
)  # fmt: skip
def test_where_it_cannot(cloud: Cloud, region: str, model: str, message: str) -> None:
    client = cloud.client("bedrock-runtime", region)
    for call in (client.converse, client.converse_stream):
        status, code, told = refused(lambda call=call: call(modelId=model, messages=HELLO))
        assert (status, code) == (400, "ValidationException")
        assert told.startswith(message)


def text(value: str, role: str = "user") -> dict[str, Any]:
    return {"role": role, "content": [{"text": value}]}


@pytest.mark.parametrize(
    ("messages", "more", "message"),
    [
        ([], {}, "A conversation must start with a user message."),
        ([text("a", "assistant")], {}, "A conversation must start with a user message."),
        ([text("a"), text("b")], {}, "A conversation must alternate between user and assistant roles."),
        ([text("")], {}, "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text"),
        ([text("a"), text("b", "assistant"), text(" \n")], {}, "The text field in the ContentBlock object at"),
        ([{"role": "user", "content": []}], {}, "The content field in the Message object at messages.0 is empty."),
        ([{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": b"x"}}}]}], {},
         "This model doesn't support the image content block that you provided."),
        (HELLO, {"inferenceConfig": {"maxTokens": 4097}}, "The maximum tokens you requested exceeds the model limit"),
        (HELLO, {"guardrailConfig": {"guardrailIdentifier": "a", "guardrailVersion": "1"}},
         "The guardrail identifier or version provided in the request does not exist."),
        ([text("word " * 140_000)], {}, "This model's maximum context length is 131072 tokens. Please reduce"),
    ],
)  # fmt: skip
def test_requests_that_aws_refuses(cloud: Cloud, messages: Any, more: Any, message: str) -> None:
    for call in (lambda: ask(cloud, messages=messages, **more), lambda: events(cloud, messages, **more)):
        status, code, told = refused(call)
        assert (status, code) == (400, "ValidationException")
        assert told.startswith(message)


def test_what_is_not_served_says_so(cloud: Cloud) -> None:
    tool = {"toolSpec": {"name": "a", "inputSchema": {"json": {}}}}
    status, code, told = refused(lambda: ask(cloud, toolConfig={"tools": [tool]}))
    assert (status, code) == (501, "UnsupportedOperation")
    assert "toolConfig" in told
    count_tokens = cloud.client("bedrock-runtime").count_tokens
    status, _, told = refused(lambda: count_tokens(modelId=PROFILE, input={"converse": {"messages": HELLO}}))
    assert (status, "Converse, ConverseStream, InvokeModel" in told) == (501, True)


FAILURES = [
    ("throttled", 429, "ThrottlingException"),
    ("timed_out", 408, "ModelTimeoutException"),
    ("denied", 403, "AccessDeniedException"),
    ("unavailable", 503, "ServiceUnavailableException"),
    ("failed", 424, "ModelErrorException"),
    ("prompt_too_long", 400, "ValidationException"),
]


@pytest.mark.parametrize(("kind", "status", "code"), FAILURES)
def test_each_failure_before_the_answer(cloud: Cloud, kind: str, status: int, code: str) -> None:
    cloud.tell_model(fail=kind)
    client = cloud.client("bedrock-runtime")
    body = json.dumps({"prompt": "Hello"})
    for call in (
        lambda: ask(cloud),
        lambda: events(cloud),
        lambda: client.invoke_model(modelId=PROFILE, body=body),
        lambda: client.invoke_model_with_response_stream(modelId=PROFILE, body=body),
    ):
        assert refused(call)[:2] == (status, code)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("throttled", None),  # before the first token, always
        ("unavailable", "serviceUnavailableException"),
        ("failed", "modelStreamErrorException"),
        ("timed_out", "modelStreamErrorException"),
    ],
)
def test_each_failure_half_way(cloud: Cloud, kind: str, code: str | None) -> None:
    cloud.tell_model(fail=kind, after_tokens=3)
    if code is None:
        assert refused(lambda: events(cloud))[1] == "ThrottlingException"
        return
    seen: list[Any] = []
    with closing(events(cloud)) as stream, pytest.raises(EventStreamError) as caught:
        seen.extend(event for event in stream)
    assert caught.value.response["Error"]["Code"] == code
    assert sum("contentBlockDelta" in event for event in seen) == 3


@pytest.mark.parametrize(("kind", "stop"), [("refused", "content_filtered"), ("guardrail", "guardrail_intervened")])
def test_a_refusal_is_why_it_stopped(cloud: Cloud, kind: str, stop: str) -> None:
    cloud.tell_model(fail=kind)
    answer = ask(cloud)
    assert (answer["stopReason"], answer["output"]["message"]["content"]) == (stop, [])
    assert answer["usage"]["outputTokens"] == 0
    assert [event["messageStop"]["stopReason"] for event in events(cloud) if "messageStop" in event] == [stop]
    cloud.tell_model(fail=kind, after_tokens=3)
    last = list(events(cloud))
    assert last[-2]["messageStop"]["stopReason"] == stop
    assert last[-1]["metadata"]["usage"]["outputTokens"] == 3


def test_invoke_model_in_metas_own_format(cloud: Cloud) -> None:
    client = cloud.client("bedrock-runtime")
    body = json.dumps({"prompt": "Hello", "max_gen_len": 20, "temperature": 0.1})
    answer = client.invoke_model(modelId=PROFILE, body=body, contentType="application/json", accept="application/json")
    assert answer["contentType"] == "application/json"
    told = json.loads(answer["body"].read())
    assert told["generation"].startswith("[local model]")
    assert (told["stop_reason"], told["prompt_token_count"], told["generation_token_count"]) == ("length", 2, 20)

    stream = client.invoke_model_with_response_stream(modelId=PROFILE, body=body)["body"]
    pieces = [json.loads(event["chunk"]["bytes"]) for event in stream]
    assert "".join(piece["generation"] for piece in pieces) == told["generation"]
    assert [piece["stop_reason"] for piece in pieces] == [None] * 20 + ["length"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"prompt": " "}', '{"prompt": 1}', '{"prompt": "a", "max_tokens": 1}',
             '{"prompt": "a", "temperature": 2}', '{"prompt": "a", "max_gen_len": 0}', '{"prompt": "a", "top_p": "1"}']
)  # fmt: skip
def test_invoke_model_refuses_other_bodies(cloud: Cloud, body: str) -> None:
    client = cloud.client("bedrock-runtime")
    assert refused(lambda: client.invoke_model(modelId=PROFILE, body=body))[1] == "ValidationException"


def test_any_text_comes_through_the_stream(cloud: Cloud) -> None:
    client = cloud.client("bedrock-runtime")

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80).filter(str.strip))
    def check(prompt: str) -> None:
        messages = [text(prompt)]
        whole = client.converse(modelId=PROFILE, messages=messages)["output"]["message"]["content"][0]["text"]
        stream = client.converse_stream(modelId=PROFILE, messages=messages)["stream"]
        said = "".join(event["contentBlockDelta"]["delta"]["text"] for event in stream if "contentBlockDelta" in event)
        assert said == whole
        assert " ".join(prompt.split())[:80] in whole

    check()
