"""Payload format 2.0 against AWS's documented examples.

Source: API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs"
(https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
"""

import json
from typing import Any

import pytest

from localcloud.aws.apigatewayv2.payload import MalformedAnswerError, StageContext, event, response
from localcloud.http import Request


def made(request: Request, **options: Any) -> Any:
    stage = StageContext("123456789012", "api-id", "$default", options.pop("variables", None))
    given = {
        "route_key": "$default",
        "path": request.path,
        "parameters": None,
        "request_id": "id",
        "trace_id": "Root=1-a",
    }
    moment = {"time": "12/Mar/2020:19:03:58 +0000", "epoch_ms": 1583348638390}
    return json.loads(event(request, stage, **{**given, **moment, **options}))


def test_the_documented_example() -> None:
    headers = [
        ("cookie", "cookie1; cookie2"), ("header1", "value1"), ("header2", "value1"), ("header2", "value2"),
        ("host", "id.execute-api.us-east-1.amazonaws.com"), ("user-agent", "agent"),
    ]  # fmt: skip
    query = "parameter1=value1&parameter1=value2&parameter2=value"
    request = Request("POST", "/my/path", query, headers, b"Hello from Lambda", "192.0.2.1")
    found = made(request, parameters={"parameter1": "value1"}, variables={"stageVariable1": "value1"})
    wanted = {
        "version": "2.0", "routeKey": "$default", "rawPath": "/my/path", "rawQueryString": query,
        "cookies": ["cookie1", "cookie2"],
        "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"},
        "body": "Hello from Lambda", "pathParameters": {"parameter1": "value1"}, "isBase64Encoded": False,
        "stageVariables": {"stageVariable1": "value1"},
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    assert found.keys() == wanted.keys() | {"headers", "requestContext"}
    assert found["headers"]["header2"] == "value1,value2"
    assert "cookie" not in found["headers"]
    context = found["requestContext"]
    assert context["http"] == {
        "method": "POST", "path": "/my/path", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "agent",
    }  # fmt: skip
    assert (context["time"], context["timeEpoch"]) == ("12/Mar/2020:19:03:58 +0000", 1583348638390)


@pytest.mark.parametrize(
    ("kind", "body", "wanted", "encoded"),
    [
        ("application/json", b"{}", "{}", False),
        ("text/plain", "ä".encode(), "ä", False),
        ("application/octet-stream", b"a", "YQ==", True),
        ("application/x-www-form-urlencoded", b"a=b", "YT1i", True),
        ("application/problem+json", b"{}", "{}", False),
        ("text/plain", b"\xff", "/w==", True),
    ],
)
def test_binary_bodies(kind: str, body: bytes, wanted: str, encoded: bool) -> None:
    found = made(Request("POST", "/", "", [("content-type", kind)], body, ""))
    assert (found["body"], found["isBase64Encoded"]) == (wanted, encoded)


@pytest.mark.parametrize(
    ("payload", "body"),
    [
        (b'"Hello from Lambda!"', b"Hello from Lambda!"),
        (b'{"message": "Hi"}', b'{"message": "Hi"}'),
        (b"null", b"null"),
    ],
)
def test_an_answer_without_a_status_is_inferred(payload: bytes, body: bytes) -> None:
    found = response(payload)
    assert (found.status, found.headers, found.body) == (200, [("content-type", "application/json")], body)


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": "abc"},
        {"statusCode": 101},  # an interim answer, after which the client would wait for another one
        {"statusCode": 200, "body": {}},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"a": ["b"]}},
        {"statusCode": 200, "cookies": "a"},
        {"statusCode": 200, "body": "*", "isBase64Encoded": True},
    ],
)
def test_malformed_answers(answer: dict[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        response(json.dumps(answer).encode())
