"""Conditional requests on items by RFC 9110, and no update lost."""

import asyncio

import httpx
import pytest

from tests.contract.engine import Engine
from tests.contract.items import FAILED, MISSING, put
from tests.contract.test_api import PROBLEM, problem

pytestmark = pytest.mark.anyio

FOREIGN = '"0123456789abcdef"'
WRITERS = 50
TRIES = 400


async def test_an_item_that_is_not_there(client: httpx.AsyncClient, unique: str) -> None:
    path = f"/items/{unique}"
    for headers in ({}, {"if-match": "*"}, {"if-none-match": "*"}):
        answer = await client.get(path, headers=headers)
        assert (answer.status_code, answer.headers["content-type"], answer.content) == (404, PROBLEM, MISSING)
    assert (await client.delete(path)).status_code == 204
    for headers in ({"if-match": "*"}, {"if-match": FOREIGN}):
        for answer in (await put(client, path, headers=headers), await client.delete(path, headers=headers)):
            assert (answer.status_code, answer.headers["content-type"], answer.content) == (412, PROBLEM, FAILED)
    assert (await client.get(path)).status_code == 404
    assert (await put(client, path, headers={"if-none-match": "*"})).status_code == 204


async def test_conditions_on_an_item_that_is_there(client: httpx.AsyncClient, unique: str) -> None:
    path = f"/items/{unique}"
    tag = (await put(client, path)).headers["etag"]
    broken = (
        {"if-match": FOREIGN},
        {"if-match": '"other"'},
        {"if-none-match": "*"},
        {"if-match": tag, "if-none-match": "*"},
    )
    for headers in broken:
        for answer in (await put(client, path, b"2", headers), await client.delete(path, headers=headers)):
            assert (answer.status_code, answer.headers["content-type"], answer.content) == (412, PROBLEM, FAILED)
    assert (await client.get(path)).content == b"1"
    for condition in ("TAG", "*", f'{FOREIGN} ,, "a,b",TAG'):
        now = (await client.get(path)).headers["etag"]
        assert (await put(client, path, b"2", {"if-match": condition.replace("TAG", now)})).status_code == 204
    assert (await put(client, path, b"3", {"if-match": tag})).status_code == 412
    now = (await client.get(path)).headers["etag"]
    assert (await client.delete(path, headers={"if-match": now})).status_code == 204
    assert (await client.get(path)).content == MISSING


async def test_conditional_reads(client: httpx.AsyncClient, unique: str) -> None:
    path = f"/items/{unique}"
    tag = (await put(client, path)).headers["etag"]
    for same in (tag, f"W/{tag}", f'"a" , {tag}', "*"):
        answer = await client.get(path, headers={"if-none-match": same})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    answer = await client.get(path, headers={"if-none-match": FOREIGN, "if-match": tag})
    assert (answer.status_code, answer.content) == (200, b"1")
    answer = await client.get(path, headers={"if-match": FOREIGN})
    assert (answer.status_code, answer.content) == (412, FAILED)


@pytest.mark.parametrize(
    ("method", "name", "value", "detail"),
    [
        ("PUT", "If-Match", f"W/{FOREIGN}", "If-Match has a weak entity tag, which never matches. Send it without W/."),
        (
            "DELETE",
            "If-None-Match",
            FOREIGN,
            "If-None-Match takes only * on a write; to name a version, use If-Match.",
        ),
        *(
            (
                method,
                name,
                value,
                f'{name} is neither * nor a list of entity tags such as \\"0123456789abcdef\\".',
            )
            for method, name, value in [
                ("PUT", "If-Match", "0123456789abcdef"),
                ("PUT", "If-Match", '"a" "b"'),
                ("PUT", "If-Match", '*, "a"'),
                ("DELETE", "If-Match", '"open'),
                ("PUT", "If-None-Match", "**"),
                ("GET", "If-None-Match", "'a'"),
                ("GET", "If-Match", ", ,"),
            ]
        ),
        ("PUT", "If-Match", ", ".join(f'"{n}"' for n in range(17)), "If-Match has more than 16 entity tags."),
    ],
)
async def test_a_malformed_condition(
    client: httpx.AsyncClient, unique: str, *, method: str, name: str, value: str, detail: str
) -> None:
    path = f"/items/{unique}"
    await put(client, path)
    answer = await client.request(method, path, content=b"2" if method == "PUT" else None, headers={name: value})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.content == problem("Bad Request", 400, detail, "invalid_precondition")
    assert (await client.get(path)).content == b"1"


async def test_an_item_that_is_over_does_not_answer_to_its_tag(client: httpx.AsyncClient, unique: str) -> None:
    path = f"/items/{unique}"
    tag = (await put(client, f"{path}?ttl=1")).headers["etag"]
    await asyncio.sleep(2.1)
    assert (await put(client, path, headers={"if-match": tag})).status_code == 412
    assert (await client.delete(path, headers={"if-match": tag})).status_code == 412
    assert (await client.delete(path, headers={"if-none-match": "*"})).status_code == 204


async def test_no_update_is_lost(engine: Engine, unique: str) -> None:
    path = f"/items/{unique}"
    refused = 0

    async def increment(client: httpx.AsyncClient) -> None:
        nonlocal refused
        for _ in range(TRIES):
            read = await client.get(path)
            await asyncio.sleep(0)  # so that writers meet in memory too, where a request waits for nothing
            written = await put(client, path, b"%d" % (int(read.content) + 1), {"if-match": read.headers["etag"]})
            if written.status_code == 204:
                return
            assert (written.status_code, written.content) == (412, FAILED)
            refused += 1
        raise AssertionError(f"{TRIES} tries in vain")

    async with engine.client() as client:
        client.timeout = httpx.Timeout(60)
        await put(client, path, b"0")
        await asyncio.gather(*(increment(client) for _ in range(WRITERS)))
        assert (await client.get(path)).content == b"%d" % WRITERS
    assert refused > 0  # or they never met


async def test_of_many_first_writers_one_wins(client: httpx.AsyncClient, unique: str) -> None:
    answers = await asyncio.gather(
        *(put(client, f"/items/{unique}", b"%d" % n, {"if-none-match": "*"}) for n in range(10))
    )
    (winner,) = [n for n, answer in enumerate(answers) if answer.status_code == 204]
    assert [answer.status_code for answer in answers].count(412) == 9
    assert (await client.get(f"/items/{unique}")).content == b"%d" % winner
