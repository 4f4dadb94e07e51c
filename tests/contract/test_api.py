"""The API, as its client sees it: the same bytes wherever it runs."""

import itertools
import json
import re

import httpx
import pytest

from tests.contract.engine import Engine

pytestmark = pytest.mark.anyio

PROBLEM = "application/problem+json"


def problem(title: str, status: int, detail: str, code: str) -> bytes:
    """The exact bytes of a problem document."""
    return (
        f'{{"type":"about:blank","title":"{title}","status":{status},"detail":"{detail}","code":"{code}"}}'
    ).encode()


INVALID = problem("Bad Request", 400, "The body is not valid JSON (RFC 8259).", "invalid_json")
NOT_UTF8 = problem("Bad Request", 400, "The body is not UTF-8. Send JSON in UTF-8.", "invalid_json")
TOO_DEEP = problem("Bad Request", 400, "The JSON is nested deeper than 100 levels.", "invalid_json")
NO_ROUTE = problem("Not Found", 404, "No route has this path. The routes stand in app/openapi.yaml.", "not_found")


async def test_root(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.content == b"ok"


@pytest.mark.parametrize("path", ["/", "/healthz"])
async def test_head_is_get_without_its_body(client: httpx.AsyncClient, path: str) -> None:
    head, get = await client.head(path), await client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [
        (b"", b"{}"),
        (b"{}", b"{}"),
        (b"null", b"null"),
        (b" [ 1 , -0, -0.0, 1.5e3 ]", b"[1,0,-0.0,1500.0]"),
        (b'{"b": 1, "a": [true, false, null]}', b'{"b":1,"a":[true,false,null]}'),
        (b'{"same": 1, "same": 2}', b'{"same":2}'),
        (b'"' + b"9" * 40 + b'"', b'"' + b"9" * 40 + b'"'),
        (b"9" * 4300, b"9" * 4300),
        (b"12345678901234567890.123", b"1.2345678901234567e+19"),
        (b'"\\u00e9 \\ud83d\\ude00 \\u0000 \\/ \\""', '"é 😀 \\u0000 / \\""'.encode()),
        ('"é 😀 \u2028"'.encode(), '"é 😀 \u2028"'.encode()),
        (b"[" * 100 + b"]" * 100, b"[" * 100 + b"]" * 100),
        (b"[" + b",".join([b"[]"] * 200) + b"]", b"[" + b",".join([b"[]"] * 200) + b"]"),
        (b'"' + b"[" * 200 + b'"', b'"' + b"[" * 200 + b'"'),
    ],
    ids=lambda value: value[:24].decode() if isinstance(value, bytes) else None,
)
async def test_echo(client: httpx.AsyncClient, sent: bytes, echoed: bytes) -> None:
    answer = await client.post("/echo", content=sent, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.content == b'{"ok":true,"echo":' + echoed + b"}"


async def test_echo_of_a_large_body(client: httpx.AsyncClient) -> None:
    sent = json.dumps("é" * 500_000, ensure_ascii=False).encode()
    answer = await client.post("/echo", content=sent, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.content) == (200, b'{"ok":true,"echo":' + sent + b"}")


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/octet-stream", "image/png"])
async def test_echo_reads_json_whatever_its_content_type(client: httpx.AsyncClient, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    answer = await client.post("/echo", content='{"a":"é"}'.encode(), headers=headers)
    assert (answer.status_code, answer.content) == (200, '{"ok":true,"echo":{"a":"é"}}'.encode())


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"{", INVALID),
        (b" ", INVALID),
        (b"{'a': 1}", INVALID),
        (b'{"a": 1,}', INVALID),
        (b"[1,]", INVALID),
        (b"1 2", INVALID),
        (b"01", INVALID),
        (b"NaN", INVALID),
        (b"[-Infinity]", INVALID),
        (b"1e999", INVALID),
        (b"9" * 4301, INVALID),
        (b'"\x01"', INVALID),
        (b'"\\ud800"', INVALID),
        (b'{"\\udfff": 1}', INVALID),
        (b'"\\x"', INVALID),
        (b'"unterminated \\"', INVALID),
        (b"[" * 101 + b"]" * 101, TOO_DEEP),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, TOO_DEEP),
    ],
    ids=lambda value: value[:24].decode() if isinstance(value, bytes) else None,
)
async def test_bad_json(client: httpx.AsyncClient, sent: bytes, expected: bytes) -> None:
    answer = await client.post("/echo", content=sent, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.content == expected


@pytest.mark.parametrize("sent", [b"\xff", b'"\xed\xa0\x80"', '{"a":1}'.encode("utf-16-le") + b"\xff"])
async def test_bytes_that_are_not_utf8(client: httpx.AsyncClient, sent: bytes) -> None:
    # Not as JSON: an HTTP API hands what is called JSON to Lambda as text, and how it makes text of this is its own.
    answer = await client.post("/echo", content=sent, headers={"content-type": "application/octet-stream"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.content == NOT_UTF8


async def test_a_body_over_the_limit(client: httpx.AsyncClient) -> None:
    answer = await client.post("/echo", content=b"1" * 1_048_577, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
    assert answer.content == problem(
        "Content Too Large", 413, "The body has more than 1048576 bytes.", "content_too_large"
    )


@pytest.mark.parametrize("path", ["/nothing", "/echo/", "/api", "/api/hello/you", "/%C3%A9?a=b", "/a%20b%2Fc", "/%00"])
async def test_a_path_under_no_route(client: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "POST"):
        answer = await client.request(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
        assert answer.content == NO_ROUTE


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("GET", "/echo", "POST"), ("DELETE", "/", "GET, HEAD"), ("POST", "/api/hello", "GET, HEAD")],
)
async def test_a_method_that_the_path_has_not(client: httpx.AsyncClient, method: str, path: str, allow: str) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (405, PROBLEM)
    assert answer.headers["allow"] == allow
    assert answer.content == problem("Method Not Allowed", 405, f"This path takes {allow}.", "method_not_allowed")


async def test_hello(client: httpx.AsyncClient, engine: Engine) -> None:
    answer = await client.get("/api/hello?name=you")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    match = re.fullmatch(r'\{"region":"([A-Za-z0-9-]+)","cloud":"([a-z]+)"\}', answer.text)
    assert match is not None
    assert match[2] == engine.name


async def test_healthz(client: httpx.AsyncClient, engine: Engine) -> None:
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    health = answer.json()
    assert list(health) == ["cloud", "region", "version", "instance", "requests"]
    assert health["cloud"] == engine.name
    assert health["version"] not in ("", "unknown")
    assert health["instance"] == answer.headers["x-instance"]
    assert health["requests"] == int(answer.headers["x-instance-requests"])


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/nothing"), ("PUT", "/echo"), ("POST", "/echo")])
async def test_every_answer_names_its_instance(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path)
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-instance"])
    assert int(answer.headers["x-instance-requests"]) >= 1


async def test_an_instance_counts_its_requests(client: httpx.AsyncClient) -> None:
    counts: dict[str, list[int]] = {}
    for _ in range(20):
        headers = (await client.get("/")).headers
        counts.setdefault(headers["x-instance"], []).append(int(headers["x-instance-requests"]))
    # One after the other: whoever answers twice has counted on.
    assert all(a < b for seen in counts.values() for a, b in itertools.pairwise(seen))
    assert len(counts) < 20
