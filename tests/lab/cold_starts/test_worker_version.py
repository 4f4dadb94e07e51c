"""The secret that forces a new version is gone in the end: on an API in memory, by Cloudflare's paths and words."""

import asyncio
import json

import httpx
import pytest

from lab.cold_starts.worker_version import SECRET, WorkerVersion
from lab.errors import ColdStartRefusedError

PATH = "/client/v4/accounts/a/workers/scripts/s/secrets"


class Secrets:
    """The API. `refuses` is a method that the token has no rights for."""

    def __init__(self, refuses: str = "") -> None:
        self.secrets: dict[str, str] = {}
        self.versions = 0
        self._refuses = refuses

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer t0ken"
        if request.method == self._refuses:
            return _answer(403, 10000, "Authentication error")
        if request.method == "PUT":
            assert request.url.path == PATH
            body = json.loads(request.content)
            assert body["type"] == "secret_text"
            self.secrets[body["name"]] = body["text"]
            self.versions += 1
            return httpx.Response(200, json={"success": True, "errors": []})
        assert (request.method, request.url.path) == ("DELETE", f"{PATH}/{SECRET}")
        if self.secrets.pop(SECRET, None) is None:
            return _answer(404, 10056, f"Binding '{SECRET}' not found.")
        return httpx.Response(200, json={"success": True, "errors": []})


def _answer(status: int, code: int, message: str) -> httpx.Response:
    return httpx.Response(status, json={"success": False, "errors": [{"code": code, "message": message}]})


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "t0ken")


async def forced(api: Secrets, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> int:
    client = httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **words: client(**words, transport=httpx.MockTransport(api)))
    async with WorkerVersion("a", "s").forced(3) as times:
        async for _ in times:
            if fails:
                raise RuntimeError
    return api.versions


def test_each_time_makes_a_version_and_none_leaves_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Secrets()
    assert asyncio.run(forced(api, monkeypatch)) == 3
    assert api.secrets == {}


def test_an_error_in_between_leaves_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Secrets()
    with pytest.raises(RuntimeError):
        asyncio.run(forced(api, monkeypatch, fails=True))
    assert (api.versions, api.secrets) == (1, {})


def test_what_cloudflare_refuses_is_told_without_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ColdStartRefusedError, match=r"Authentication error \(10000\)") as refused:
        asyncio.run(forced(Secrets(refuses="PUT"), monkeypatch))
    assert "t0ken" not in str(refused.value)


def test_a_secret_that_stays_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ColdStartRefusedError, match=f"{SECRET} may still be on the Worker"):
        asyncio.run(forced(Secrets(refuses="DELETE"), monkeypatch))


def test_without_a_token_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    api = Secrets()
    with pytest.raises(ColdStartRefusedError, match="CLOUDFLARE_API_TOKEN is not set"):
        asyncio.run(forced(api, monkeypatch))
    assert api.versions == 0
