"""Items, as their client sees them."""

import asyncio
import json
import re
import time

import httpx
import pytest

from tests.contract.items import MISSING, RULE, put
from tests.contract.test_api import INVALID, PROBLEM, problem

pytestmark = pytest.mark.anyio

ETAG = re.compile('"[0-9a-f]{16}"')


@pytest.mark.parametrize(
    "value",
    [
        b'{"a":[1,2.50,null],"\\u00e9":"\xc3\xa9 \xf0\x9f\x98\x80"}',
        b' {"b" : 1,\n "b":2} ',
        b"null",
        b'"\\u0000"',
        b"12345678901234567890.123",
        b"9" * 4300,
    ],
    ids=lambda value: value[:20].decode(),
)
async def test_a_value_comes_back_byte_for_byte(client: httpx.AsyncClient, unique: str, value: bytes) -> None:
    written = await put(client, f"/items/{unique}", value)
    assert (written.status_code, written.content) == (204, b"")
    assert ETAG.fullmatch(written.headers["etag"])
    read = await client.get(f"/items/{unique}")
    assert (read.status_code, read.headers["content-type"]) == (200, "application/json")
    assert (read.content, read.headers["etag"]) == (value, written.headers["etag"])
    assert read.headers["cache-control"] == "no-cache"
    head = await client.head(f"/items/{unique}")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", written.headers["etag"])


async def test_a_value_of_the_largest_size(client: httpx.AsyncClient, unique: str) -> None:
    value = json.dumps("é" * 131_071, ensure_ascii=False).encode()
    assert len(value) == 262_144
    assert (await put(client, f"/items/{unique}", value)).status_code == 204
    assert (await client.get(f"/items/{unique}")).content == value
    over = await put(client, f"/items/{unique}", value + b" ")
    assert (over.status_code, over.headers["content-type"]) == (413, PROBLEM)
    detail = "The body has more than 262144 bytes."
    assert over.content == problem("Content Too Large", 413, detail, "content_too_large")


@pytest.mark.parametrize("value", [b"", b"{", b"NaN", b'"\\ud800"'])
async def test_a_value_that_is_no_json(client: httpx.AsyncClient, unique: str, value: bytes) -> None:
    answer = await put(client, f"/items/{unique}", value)
    assert (answer.status_code, answer.content) == (400, INVALID)
    assert (await client.get(f"/items/{unique}")).status_code == 404


async def test_every_write_has_a_tag_of_its_own(client: httpx.AsyncClient, unique: str) -> None:
    tags = {(await put(client, f"/items/{unique}")).headers["etag"] for _ in range(5)}
    assert len(tags) == 5


@pytest.mark.parametrize("key", ["a" * 129, "-a", "%20", "a%20b", "%C3%A9", "a%00", "a%0A", "a+b", "%FF"])
async def test_what_is_no_key(client: httpx.AsyncClient, key: str) -> None:
    detail = f"A key is {RULE}."
    for answer in (await client.get(f"/items/{key}"), await put(client, f"/items/{key}")):
        assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
        assert answer.content == problem("Bad Request", 400, detail, "invalid_key")


async def test_any_key_may_be_used(client: httpx.AsyncClient, unique: str) -> None:
    key = (unique + "A.b_c~d:e@f-g..:@~" + "x" * 128)[:128]
    assert (await put(client, f"/items/{key}")).status_code == 204
    assert (await client.get(f"/items/{key.replace(':', '%3A').replace('@', '%40')}")).status_code == 200


async def test_an_item_lives_for_its_time_and_no_longer(client: httpx.AsyncClient, unique: str) -> None:
    path = f"/items/{unique}"
    before = int(time.time())
    assert (await put(client, f"{path}?ttl=1")).status_code == 204
    assert (await put(client, f"{path}-stays?ttl=100")).status_code == 204
    assert (await put(client, f"{path}-stays", b"2")).status_code == 204
    listed = (await client.get("/items", params={"prefix": unique})).json()["items"]
    if len(listed) == 2:  # or a second went by meanwhile
        assert before + 1 <= listed[0]["expires_at"] <= time.time() + 2
    assert listed[-1]["expires_at"] is None
    for _ in range(100):
        if (await client.get(path)).status_code == 404:
            break
        await asyncio.sleep(0.1)
    assert (await client.get(path)).content == MISSING
    # What is over is as if it had never been, for conditions and lists too.
    assert (await put(client, path, headers={"if-match": "*"})).status_code == 412
    assert [item["key"] for item in (await client.get("/items", params={"prefix": unique})).json()["items"]] == [
        f"{unique}-stays"
    ]
    assert (await put(client, path, b"2", {"if-none-match": "*"})).status_code == 204
    assert (await client.get(path)).content == b"2"
