"""Lists of items, and the query parameters of all their paths."""

import asyncio

import httpx
import pytest

from tests.contract.items import RULE, put
from tests.contract.test_api import PROBLEM, problem

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("method", "query", "detail"),
    [
        *(
            ("PUT", f"/x?ttl={ttl}", "ttl is not a whole number from 1 to 31622400.")
            for ttl in ("0", "-1", "1.0", "31622401", "", "1e3", "%D9%A1", "9" * 500)
        ),
        *(
            ("GET", f"?limit={limit}", "limit is not a whole number from 1 to 100.")
            for limit in ("0", "101", "", "ten", "%2B1", "1%00")
        ),
        ("PUT", "/x?TTL=1", "A query parameter is unknown or repeated. This path takes ttl, each at most once."),
        ("GET", "/x?ttl=1", "A query parameter is unknown or repeated. This path takes none."),
        ("DELETE", "/x?a", "A query parameter is unknown or repeated. This path takes none."),
        *(
            (
                "GET",
                f"?{query}",
                "A query parameter is unknown or repeated. This path takes prefix, limit, cursor, each at most once.",
            )
            for query in ("limit=1&limit=1", "offset=1", "limit=1&=")
        ),
        (
            "GET",
            "?prefix=%20",
            f"prefix is not the beginning of a key, which is {RULE}.",
        ),
    ],
)
async def test_a_query_that_is_refused(client: httpx.AsyncClient, method: str, query: str, detail: str) -> None:
    answer = await client.request(method, f"/items{query}", content=b"1" if method == "PUT" else None)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.content == problem("Bad Request", 400, detail, "invalid_query")


async def test_pages(client: httpx.AsyncClient, unique: str) -> None:
    # In the order of bytes: "-" before digits, capitals before small letters, "~" last.
    keys = [f"{unique}{end}" for end in ("", "-", ".", "0", ":", "@", "A", "_", "a", "aa", "b", "~")]
    await asyncio.gather(*(put(client, f"/items/{key}") for key in (*keys, f"x{unique}")))
    for limit in (1, 5, 6, 12, 100):
        seen: list[str] = []
        cursor: str | None = None
        pages = 0
        while True:
            query = {"prefix": unique, "limit": str(limit)} | ({} if cursor is None else {"cursor": cursor})
            answer = await client.get("/items", params=query)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
            page = answer.json()
            assert list(page) == ["items", "cursor"]
            assert all(list(item) == ["key", "etag", "expires_at"] for item in page["items"])
            seen += [item["key"] for item in page["items"]]
            pages += 1
            if (cursor := page["cursor"]) is None:
                break
        assert (seen, pages) == (keys, -(-len(keys) // limit))
    one = (await client.get("/items", params={"prefix": f"{unique}aa"})).json()["items"]
    assert one[0]["etag"] == (await client.get(f"/items/{unique}aa")).headers["etag"]


async def test_a_page_of_nothing(client: httpx.AsyncClient, unique: str) -> None:
    answer = await client.get("/items", params={"prefix": unique})
    assert (answer.status_code, answer.content) == (200, b'{"items":[],"cursor":null}')


@pytest.mark.parametrize("cursor", ["", "!", "YQ==", "Yb", "YQ\n", "IA", "_w", "Y", "a" * 400])
async def test_a_damaged_cursor(client: httpx.AsyncClient, cursor: str) -> None:
    answer = await client.get("/items", params={"cursor": cursor})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    detail = "The cursor is damaged, or belongs to a list with another prefix."
    assert answer.content == problem("Bad Request", 400, detail, "invalid_cursor")
    assert (await client.get("/items", params={"cursor": "YQ", "prefix": "b"})).content == answer.content
