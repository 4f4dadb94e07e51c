"""Payload format 2.0: a request as a function's event, and a function's answer as a response.

Source: API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs"
(http-api-develop-integrations-lambda). What it leaves open follows what the service is known to do: forms and other
types that are no text arrive in base64, absent values are absent, and a formatted answer without a content type is
`text/plain;charset=UTF-8`.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from localcloud.http import Request, Response

_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"}
    | {"transfer-encoding", "upgrade", "expect", "content-length", "cookie", "x-amzn-trace-id"}
    | {"x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"}
)
_NOT_PASSED_BACK = frozenset(
    ("connection", "keep-alive", "transfer-encoding", "upgrade", "content-length", "date", "te", "trailer")
)
_TEXT_TYPES = frozenset({"application/json", "application/javascript", "application/xml"})
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\U0010ffff]*")


class MalformedAnswerError(ValueError):
    """The function's answer is none that payload format 2.0 knows: the client gets 500."""


@dataclass(frozen=True, slots=True)
class StageContext:
    """What all events of a stage have in common."""

    account: str
    api: str
    stage: str
    variables: dict[str, str] | None


def event(
    request: Request,
    stage: StageContext,
    *,
    route_key: str,
    path: str,
    parameters: dict[str, str] | None,
    request_id: str,
    trace_id: str,
    time: str,
    epoch_ms: int,
) -> bytes:
    """The event as JSON. `path` is the request's, as sent, with the stage's name in front unless that is `$default`."""
    headers: dict[str, str] = {}
    cookies: list[str] = []
    forwarded = request.client
    host = agent = ""
    for name, text in request.headers:
        value = text if text.isascii() else text.encode("latin-1").decode("utf-8", "replace")
        if name in _HOP_BY_HOP:
            if name == "cookie":
                cookies += [part.strip() for part in value.split(";") if part.strip()]
            elif name == "x-forwarded-for":
                forwarded = f"{value}, {request.client}"
            continue
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    host, agent = headers.get("host", ""), headers.get("user-agent", "")
    headers["content-length"] = str(len(request.body))
    headers["x-amzn-trace-id"] = trace_id
    headers["x-forwarded-for"] = forwarded
    headers["x-forwarded-port"] = host.rpartition(":")[2] if ":" in host else "80"
    headers["x-forwarded-proto"] = "http"
    document: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": request.query,
    }
    if cookies:
        document["cookies"] = cookies
    document["headers"] = dict(sorted(headers.items()))
    if request.query:
        document["queryStringParameters"] = _query(request.query)
    document["requestContext"] = {
        "accountId": stage.account,
        "apiId": stage.api,
        "domainName": host,
        "domainPrefix": stage.api,
        "http": {
            "method": request.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.client,
            "userAgent": agent,
        },
        "requestId": request_id,
        "routeKey": route_key,
        "stage": stage.stage,
        "time": time,
        "timeEpoch": epoch_ms,
    }
    if parameters:
        document["pathParameters"] = parameters
    if stage.variables:
        document["stageVariables"] = stage.variables
    encoded = False
    if request.body:
        document["body"], encoded = _body(request.body, headers.get("content-type"))
    document["isBase64Encoded"] = encoded
    return orjson.dumps(document)


def response(payload: bytes) -> Response:
    """A function's answer as a response. Raises MalformedAnswerError."""
    try:
        answer = orjson.loads(payload)
    except orjson.JSONDecodeError:
        raise MalformedAnswerError("the function's answer is not JSON") from None
    if not isinstance(answer, dict) or "statusCode" not in answer:
        body = answer.encode() if isinstance(answer, str) else payload
        return Response(200, [("content-type", "application/json")], body)
    headers = _headers(answer.get("headers") or {})
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    cookies = answer.get("cookies") or []
    if not isinstance(cookies, list):
        raise MalformedAnswerError("cookies is not a list")
    headers += [("set-cookie", _value(cookie)) for cookie in cookies]
    return Response(_status(answer["statusCode"]), headers, _answer_body(answer))


def _query(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _body(body: bytes, content_type: str | None) -> tuple[str, bool]:
    kind = (content_type or "").partition(";")[0].strip().lower()
    if not kind or kind in _TEXT_TYPES or kind.startswith("text/") or kind.endswith(("+json", "+xml")):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def _status(status: Any) -> int:
    if isinstance(status, str) and status.isascii() and status.isdigit():
        status = int(status)
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
        raise MalformedAnswerError("statusCode is not a status")
    return status


def _headers(headers: Any) -> list[tuple[str, str]]:
    if not isinstance(headers, dict):
        raise MalformedAnswerError("headers is not an object")
    found = []
    for key, value in headers.items():
        name = key.lower()
        if name in _NOT_PASSED_BACK or value is None:
            continue
        if not _HEADER_NAME.fullmatch(name):
            raise MalformedAnswerError("a header's name is malformed")
        found.append((name, _value(value)))
    return found


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value):
        raise MalformedAnswerError("a header's value is malformed")
    return value if value.isascii() else value.encode().decode("latin-1")


def _answer_body(answer: dict[str, Any]) -> bytes:
    body = answer.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise MalformedAnswerError("body is not a string")
    if answer.get("isBase64Encoded") is not True:
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise MalformedAnswerError("body is not base64") from None
