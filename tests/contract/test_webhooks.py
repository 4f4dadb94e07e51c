"""Webhooks, as their sender sees them."""

import asyncio
import time

import httpx
import pytest

from tests.contract.engine import Engine
from tests.contract.test_api import PROBLEM, problem
from tests.webhook_sender import signature, signed

pytestmark = pytest.mark.anyio

BODY = b'{"type":"user.created","data":{"id":1}}'
NOT_SIGNED = problem("Unauthorized", 401, "No signature was made with a key of this source.", "webhook_not_verified")
OUT_OF_TIME = problem(
    "Unauthorized",
    401,
    "webhook-timestamp is more than 300 seconds away from this clock.",
    "webhook_not_verified",
)


@pytest.fixture
def key(engine: Engine) -> bytes:
    if engine.webhook_key is None:
        pytest.skip("WEBHOOK_KEY is not set")
    return engine.webhook_key


async def send(client: httpx.AsyncClient, source: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    # Not as JSON: an HTTP API makes text of that, and how it does for bytes that are none is its own.
    return await client.post(
        f"/webhooks/{source}", content=body, headers={"content-type": "application/octet-stream", **headers}
    )


def assert_refused(answer: httpx.Response, expected: bytes) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)
    assert (answer.content, answer.headers["www-authenticate"]) == (expected, "StandardWebhooks")


@pytest.mark.parametrize("body", [BODY, b"", b"\x00\xff not json", "é".encode()])
async def test_a_message_is_taken(client: httpx.AsyncClient, key: bytes, unique: str, body: bytes) -> None:
    before = int(time.time())
    answer = await send(client, "github", body, signed(key, f"msg_{unique}", body))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    said = answer.json()
    assert list(said) == ["ok", "source", "id", "received_at"]
    assert (said["ok"], said["source"], said["id"]) == (True, "github", f"msg_{unique}")
    assert before - 1 <= said["received_at"] <= time.time() + 1


async def test_a_replay_gets_the_first_ones_answer(client: httpx.AsyncClient, key: bytes, unique: str) -> None:
    headers = signed(key, unique, BODY, age=10)
    first = await send(client, "github", BODY, headers)
    await asyncio.sleep(1.1)  # so that another effect would have another time
    for replay in (headers, signed(key, unique, BODY)):
        answer = await send(client, "github", BODY, replay)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert answer.content == first.content
    # Another source's messages are others, and who may not sign hears nothing of what was.
    assert (await send(client, "gitlab", BODY, signed(key, unique, BODY))).content != first.content
    assert_refused(await send(client, "github", BODY + b" ", headers), NOT_SIGNED)


async def test_ten_at_once_have_one_effect(client: httpx.AsyncClient, key: bytes, unique: str) -> None:
    attempts = [signed(key, unique, BODY, age=age) for age in range(10)]
    answers = await asyncio.gather(*(send(client, "github", BODY, headers) for headers in attempts))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


async def test_a_source_may_have_a_key_of_its_own(
    client: httpx.AsyncClient, engine: Engine, key: bytes, unique: str
) -> None:
    if engine.shop_key is None:
        pytest.skip("the tests know one key only")
    headers = signed(engine.shop_key, unique, BODY)
    assert_refused(await send(client, "github", BODY, headers), NOT_SIGNED)
    assert (await send(client, "shop", BODY, headers)).status_code == 200
    assert (await send(client, "shop", BODY, signed(key, f"{unique}-2", BODY))).status_code == 200


async def test_one_of_several_signatures_is_enough(client: httpx.AsyncClient, key: bytes, unique: str) -> None:
    headers = signed(key, unique, BODY)
    right = headers["webhook-signature"]
    others = f"v1a,{right[3:]}", signature(b"another key", unique, headers["webhook-timestamp"], BODY)
    headers["webhook-signature"] = f"{others[0]} {others[1]} {right} v2,abc"
    assert (await send(client, "github", BODY, headers)).status_code == 200
    headers["webhook-signature"] = " ".join(others)
    assert_refused(await send(client, "github", BODY, headers), NOT_SIGNED)


async def test_what_is_signed_cannot_be_changed(client: httpx.AsyncClient, key: bytes, unique: str) -> None:
    headers = signed(key, unique, BODY)
    later = str(int(headers["webhook-timestamp"]) + 1)
    tampered = [
        (headers, BODY[:-1]),
        (headers, b""),
        (headers | {"webhook-id": f"{unique}x"}, BODY),
        (headers | {"webhook-timestamp": later}, BODY),
        (headers | {"webhook-signature": headers["webhook-signature"][:-8]}, BODY),
        (headers | {"webhook-signature": "v1," + "A" * 43 + "="}, BODY),
        (headers | {"webhook-signature": headers["webhook-signature"].replace("v1,", "v2,")}, BODY),
        (signed(b"", unique, BODY), BODY),
    ]
    for changed, body in tampered:
        assert_refused(await send(client, "github", body, changed), NOT_SIGNED)
    for source in ("a%20b", "git:hub", "%FF", "a" * 65):
        assert_refused(await send(client, source, BODY, headers), NOT_SIGNED)
    assert (await send(client, "github", BODY, headers)).status_code == 200


@pytest.mark.parametrize("age", [310, -310, 10**9])
async def test_an_attempt_out_of_time(client: httpx.AsyncClient, key: bytes, unique: str, age: int) -> None:
    assert_refused(await send(client, "github", BODY, signed(key, unique, BODY, age=age)), OUT_OF_TIME)


@pytest.mark.parametrize("age", [290, -290])
async def test_an_attempt_in_time(client: httpx.AsyncClient, key: bytes, unique: str, age: int) -> None:
    assert (await send(client, "github", BODY, signed(key, unique, BODY, age=age))).status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [
        *(
            (
                "webhook-id",
                value,
                "1 to 256 printable ASCII characters, none a space, comma or full stop",
            )
            for value in (None, "a.b", "a b", "a,b", "x" * 257)
        ),
        *(
            ("webhook-timestamp", value, "whole seconds of the epoch")
            for value in (None, "now", "-1", "1.5", "1" * 16, "0x10")
        ),
        *(
            ("webhook-signature", value, "signatures such as v1,BASE64, separated by spaces")
            for value in (None, "v1", "v1,", ",x", "v1,a,b", "v1,a\tv1,b", "v1=abc")
        ),
    ],
)
async def test_a_malformed_header(
    client: httpx.AsyncClient, unique: str, name: str, value: str | None, holds: str
) -> None:
    headers = signed(b"any", unique, BODY)
    if value is None:
        del headers[name]
    else:
        headers[name] = value
    answer = await send(client, "github", BODY, headers)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    detail = f"The header {name} is missing, repeated or malformed. It holds {holds}."
    assert answer.content == problem("Bad Request", 400, detail, "invalid_webhook")


async def test_a_header_sent_twice_is_malformed(client: httpx.AsyncClient, key: bytes, unique: str) -> None:
    headers = signed(key, unique, BODY)
    for name, value in headers.items():
        answer = await client.post("/webhooks/github", content=BODY, headers=[*headers.items(), (name, value)])
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_webhook")


async def test_a_body_over_the_bound_is_no_webhook(client: httpx.AsyncClient, key: bytes, unique: str) -> None:
    largest = b"x" * 1_048_576
    assert (await send(client, "github", largest, signed(key, unique, largest))).status_code == 200
    answer = await send(client, "github", largest + b"x", signed(key, unique, largest + b"x"))
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.content == problem("Bad Request", 400, "The body has more than 1048576 bytes.", "invalid_webhook")
