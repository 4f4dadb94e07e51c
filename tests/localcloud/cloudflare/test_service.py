"""Who may ask, and what an answer looks like whatever was asked."""

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio

ACCOUNT = "00000000000000000000000000000001"
TOKEN = {"authorization": "Bearer any"}


async def ask(api: Any, path: str, method: str = "GET", **options: Any) -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{api.port}/client/v4") as client:
        answer = await client.request(method, path, **options)
    return answer.status_code, answer.json()


async def test_envelope_of_an_unknown_url(api: Any) -> None:
    status, body = await ask(api, "/accounts/x/workers", headers=TOKEN)
    assert status == 404
    assert list(body) == ["success", "errors", "messages", "result"]
    assert (body["success"], body["messages"], body["result"]) == (False, [], None)
    assert [error["code"] for error in body["errors"]] == [7003, 7000]
    assert body["errors"][1]["message"] == "No route for that URI"
    assert "/client/v4/accounts/x/workers" in body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 400, 9106),
        ({"authorization": "Basic YTpi"}, 400, 6003),
        ({"authorization": "Bearer"}, 400, 6003),
        (TOKEN | {"host": "evil.example"}, 403, 10000),
        (TOKEN | {"host": "127.0.0.1.evil.example:4567"}, 403, 10000),
        (TOKEN | {"origin": "https://evil.example"}, 403, 10000),
        (TOKEN | {"sec-fetch-site": "cross-site"}, 403, 10000),
    ],
)
async def test_who_is_not_let_in(api: Any, headers: dict[str, str], status: int, code: int) -> None:
    answered, body = await ask(api, f"/accounts/{ACCOUNT}/workers/scripts", headers=headers)
    assert (answered, body["errors"][0]["code"]) == (status, code)


async def test_a_forged_post_creates_nothing(api: Any) -> None:
    """What a page's form can send: no token, a plain type, an Origin that it cannot leave out."""
    headers = {"content-type": "text/plain", "origin": "https://evil.example"}
    status, _ = await ask(api, "/zones", "POST", headers=headers, content=b'{"name": "evil.example"}')
    assert status == 403
    _, body = await ask(api, "/zones", headers=TOKEN)
    assert body["result"] == []


async def test_another_account_is_forbidden_and_the_right_one_named(api: Any) -> None:
    status, body = await ask(api, f"/accounts/{'f' * 32}/workers/scripts", headers=TOKEN)
    assert (status, body["errors"][0]["code"]) == (403, 10000)
    assert ACCOUNT in body["messages"][0]["message"]


async def test_account_and_token(api: Any) -> None:
    assert [found.id async for found in api.client.accounts.list()] == [ACCOUNT]
    assert [found.id async for found in api.client.accounts.list(name="other")] == []
    assert (await api.client.accounts.get(account_id=ACCOUNT)).type == "standard"
    assert (await api.client.user.tokens.verify()).status == "active"


async def test_malformed_json(api: Any) -> None:
    for content in (b"{", b"[]"):
        status, body = await ask(api, "/zones", "POST", headers=TOKEN, content=content)
        assert (status, body["errors"][0]["code"]) == (400, 6007)


async def test_pages(api: Any) -> None:
    for letter in "abc":
        await api.client.zones.create(account={"id": ACCOUNT}, name=f"{letter}.example")
    _, body = await ask(api, "/zones?per_page=2&page=2", headers=TOKEN)
    assert [zone["name"] for zone in body["result"]] == ["c.example"]
    assert body["result_info"] == {"page": 2, "per_page": 2, "count": 1, "total_count": 3, "total_pages": 2}
