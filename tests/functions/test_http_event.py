import base64
import json
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.asgi import Response
from functions.errors import UnsupportedEventError
from functions.http_event import proxy_response, request_body, request_scope
from tests.functions.events import DOCUMENTED, WITH_STAGE, WITHOUT_OPTIONS, request_event

NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)
VALUES = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30)


def test_the_documented_event() -> None:
    assert request_scope(DOCUMENTED) == {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/my/path",
        "raw_path": b"/my/path",
        "query_string": b"parameter1=value1&parameter1=value2&parameter2=value",
        "root_path": "",
        "headers": [(b"header1", b"value1"), (b"header2", b"value1,value2"), (b"cookie", b"cookie1; cookie2")],
        "client": ("192.0.2.1", 0),
        "server": ("id.execute-api.us-east-1.amazonaws.com", 443),
    }
    assert request_body(DOCUMENTED) == b"Hello from Lambda"


def test_a_named_stage_is_where_the_application_is_mounted() -> None:
    scope = request_scope(WITH_STAGE)
    assert (scope["root_path"], scope["path"]) == ("/default", "/default/nodejs-apig-function-1G3XMPLZXVXYI")
    assert scope["headers"][-1] == (b"cookie", b"s_fid=7AABXMPL1AFD9BBF-0643XMPL09956DE2; regStatus=pre-register")
    assert request_body(WITH_STAGE) == b""


def test_what_is_absent_is_empty() -> None:
    scope = request_scope(WITHOUT_OPTIONS)
    assert (scope["path"], scope["query_string"], scope["root_path"]) == ("/", b"", "")
    assert not any(name == b"cookie" for name, _ in scope["headers"])
    assert request_body(WITHOUT_OPTIONS) == b""


@pytest.mark.parametrize("event", [{}, {"version": "1.0"}, {"Records": []}, [], None, "text"])
def test_another_event_is_refused_with_what_to_do(event: Any) -> None:
    with pytest.raises(UnsupportedEventError, match=r"unsupported_event: .*payloadFormatVersion 2\.0"):
        request_scope(event)


@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]),
    path=st.text(max_size=30).filter(lambda text: "\ud800" not in text),
    query=st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=4),
    headers=st.dictionaries(NAMES, VALUES, max_size=5),
    cookies=st.lists(NAMES, max_size=3),
    body=st.binary(max_size=200),
)
def test_a_request_arrives_as_it_was_sent(
    *,
    method: str,
    path: str,
    query: list[tuple[str, str]],
    headers: dict[str, str],
    cookies: list[str],
    body: bytes,
) -> None:
    raw_path = "/" + quote(path)
    raw_query = "&".join(f"{quote(name)}={quote(value)}" for name, value in query)
    event = request_event(
        method,
        raw_path,
        query=raw_query,
        headers=headers,
        cookies=cookies,
        body=base64.b64encode(body).decode(),
        encoded=True,
    )
    event = json.loads(json.dumps(event))
    scope = request_scope(event)
    assert scope["method"] == method
    assert scope["raw_path"] == raw_path.encode()
    assert scope["path"].encode() == unquote_to_bytes(raw_path)
    assert scope["query_string"] == raw_query.encode()
    arrived = dict(scope["headers"])
    assert all(arrived[name.encode()] == value.encode("latin-1") for name, value in headers.items() if name != "cookie")
    if cookies:
        assert scope["headers"][-1] == (b"cookie", "; ".join(cookies).encode())
    assert request_body(event) == body


@given(st.text(max_size=100))
def test_a_text_body_is_its_utf8(text: str) -> None:
    event = json.loads(json.dumps(request_event("POST", body=text)))
    assert request_body(event) == text.encode()


def test_header_values_beyond_latin1_are_utf8() -> None:
    headers = dict(request_scope(request_event("GET", headers={"x-a": "é", "x-b": "😀"}))["headers"])
    assert (headers[b"x-a"], headers[b"x-b"]) == (b"\xe9", "😀".encode())


@given(
    status=st.integers(200, 599),
    body=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    content_type=st.sampled_from(["text/html", "application/json", "application/problem+json; a=b", "image/png", ""]),
)
def test_an_answer_leaves_as_it_was_given(status: int, body: bytes, content_type: str) -> None:
    answer = proxy_response(Response(status, [(b"Content-Type", content_type.encode())], body))
    answer = json.loads(json.dumps(answer))
    sent = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    assert (answer["statusCode"], answer["headers"], sent) == (status, {"content-type": content_type}, body)
    if body and content_type == "image/png":
        assert answer["isBase64Encoded"]


def test_cookies_stand_apart_and_repeated_headers_are_joined() -> None:
    headers = [(b"set-cookie", b"a=1"), (b"Vary", b"accept"), (b"Set-Cookie", b"b=2, c"), (b"vary", b"origin")]
    answer = proxy_response(Response(204, headers, b""))
    assert answer["cookies"] == ["a=1", "b=2, c"]
    assert answer["headers"] == {"vary": "accept, origin"}
    assert "cookies" not in proxy_response(Response(204, [], b""))


def test_compressed_text_and_text_in_another_charset_are_bytes() -> None:
    plain = (b"content-type", b"text/plain; charset=latin-1")
    assert proxy_response(Response(200, [plain, (b"content-encoding", b"br")], b"abc"))["isBase64Encoded"]
    assert proxy_response(Response(200, [plain], b"\xe9"))["isBase64Encoded"]
    assert not proxy_response(Response(200, [plain], b"abc"))["isBase64Encoded"]


def test_head_has_the_headers_of_get_and_no_body() -> None:
    answer = proxy_response(Response(200, [(b"content-length", b"2")], b"ok"), with_body=False)
    assert (answer["headers"], answer["body"]) == ({"content-length": "2"}, "")
