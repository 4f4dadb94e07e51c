"""Scripts through the official `cloudflare` package, and in the shapes of wrangler and of the provider."""

import json
from typing import Any

import httpx
import pytest
from cloudflare import BadRequestError, NotFoundError

pytestmark = pytest.mark.anyio

ACCOUNT = "00000000000000000000000000000001"
METADATA: dict[str, Any] = {
    "main_module": "entry.py",
    "compatibility_date": "2026-05-01",
    "compatibility_flags": ["python_workers"],
}
MAIN = ("entry.py", b"from workers import Response", "text/x-python")
LIBRARY = ("python_modules/lib/__init__.py", b"x = 1", "application/octet-stream")


async def put(api: Any, name: str = "hello", *, files: Any = (MAIN,), **metadata: Any) -> Any:
    return await api.client.workers.scripts.update(
        name, account_id=ACCOUNT, metadata=METADATA | metadata, files=list(files)
    )


async def send(api: Any, parts: list[Any], name: str = "hello") -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.put(
            f"http://127.0.0.1:{api.port}/client/v4/accounts/{ACCOUNT}/workers/scripts/{name}",
            params={"excludeScript": "true", "bindings_inherit": "strict"},
            headers={"authorization": "Bearer any"},
            files=parts,
        )


async def get(api: Any, what: str) -> Any:
    answer = await api.client.get(f"/accounts/{ACCOUNT}/workers/scripts/hello/{what}", cast_to=httpx.Response)
    return answer.json()["result"]


async def test_official_client_uploads_lists_reads_and_deletes(api: Any) -> None:
    scripts = api.client.workers.scripts
    bindings = [{"type": "plain_text", "name": "GREETING", "text": "hi"}]
    uploaded = await put(api, files=[MAIN, LIBRARY], bindings=bindings)

    assert (uploaded.id, uploaded.startup_time_ms, uploaded.handlers) == ("hello", 12, ["fetch"])
    assert uploaded.has_modules is True
    assert uploaded.has_assets is False
    assert uploaded.usage_model == "standard"
    assert {len(uploaded.etag), len(uploaded.tag)} == {64, 32}
    assert uploaded.created_on == uploaded.modified_on
    assert api.host.scripts["hello"].bindings == tuple(bindings)

    assert [script.id async for script in scripts.list(account_id=ACCOUNT)] == ["hello"]
    settings = await scripts.script_and_version_settings.get("hello", account_id=ACCOUNT)
    assert [(found.name, found.type) for found in settings.bindings] == [("GREETING", "plain_text")]
    assert settings.compatibility_date == "2026-05-01"
    content = await scripts.content.get("hello", account_id=ACCOUNT)
    assert content.headers["cf-entrypoint"] == "entry.py"
    body = await content.read()
    assert body.index(b'name="entry.py"') < body.index(b'name="python_modules/lib/__init__.py"')

    await scripts.delete("hello", account_id=ACCOUNT)
    assert api.host.scripts == {}
    assert list(api.files.iterdir()) in ([], [api.files / "hello"])
    with pytest.raises(NotFoundError) as missing:
        await scripts.script_and_version_settings.get("hello", account_id=ACCOUNT)
    assert missing.value.errors[0].code == 10007


async def test_wrangler_sends_metadata_first_without_a_type(api: Any) -> None:
    answer = await send(
        api,
        [
            ("metadata", (None, json.dumps(METADATA).encode())),
            ("entry.py", MAIN),
            ("python_modules/lib/__init__.py", LIBRARY),
        ],
    )
    assert answer.json()["success"] is True
    assert answer.json()["errors"] == answer.json()["messages"] == []
    assert (api.host.scripts["hello"].folder / "modules" / LIBRARY[0]).read_bytes() == b"x = 1"


async def test_the_provider_sends_metadata_last(api: Any) -> None:
    metadata = (None, json.dumps(METADATA).encode(), "application/json")
    answer = await send(api, [("entry.py", MAIN), ("metadata", metadata)])
    assert answer.status_code == 200
    assert api.host.sources["hello"] == MAIN[1]


async def test_the_provider_reads_a_service_first(api: Any) -> None:
    await put(api)
    url = f"/accounts/{ACCOUNT}/workers/services/hello"
    found = await api.client.get(url, cast_to=httpx.Response)
    result = found.json()["result"]
    assert result["id"] == "hello"
    assert result["default_environment"]["script"]["id"] == "hello"
    with pytest.raises(NotFoundError) as missing:
        await api.client.get(url + "x", cast_to=httpx.Response)
    assert missing.value.errors[0].code == 10090


async def test_a_refused_upload_leaves_the_version_before(api: Any) -> None:
    before = await put(api)
    api.host.refuses = "Uncaught ImportError: no"
    with pytest.raises(BadRequestError) as refused:
        await put(api, files=[("entry.py", b"import no", "text/x-python")])
    assert [(error.code, error.message) for error in refused.value.errors] == [(10021, "Uncaught ImportError: no")]
    [after] = [script async for script in api.client.workers.scripts.list(account_id=ACCOUNT)]
    assert after.etag == before.etag
    assert api.host.sources["hello"] == MAIN[1]
    assert len(list((api.files / "hello").iterdir())) == 1


async def test_a_host_that_restarts_is_not_a_refusal(api: Any) -> None:
    api.host.unreachable = True
    answer = await send(api, [("metadata", (None, json.dumps(METADATA).encode())), ("entry.py", MAIN)])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, 10013)
    assert "python -m localcloud status" in answer.json()["messages"][0]["message"]


async def test_the_same_modules_have_the_same_etag(api: Any) -> None:
    first = await put(api, files=[MAIN, LIBRARY])
    again = await put(api, files=[LIBRARY, MAIN], bindings=[{"type": "json", "name": "A", "json": {"a": 1}}])
    assert first.etag == again.etag
    assert first.tag == again.tag
    assert first.deployment_id != again.deployment_id


async def test_versions_and_deployments_newest_first(api: Any) -> None:
    await put(api)
    second = await put(api, annotations={"workers/message": "second"})
    deployments = (await get(api, "deployments"))["deployments"]
    assert [found["versions"][0]["percentage"] for found in deployments] == [100, 100]
    assert deployments[0]["id"] == second.deployment_id
    assert deployments[0]["annotations"]["workers/message"] == "second"
    assert [found["number"] for found in (await get(api, "versions"))["items"]] == [2, 1]
    newest = await get(api, f"versions/{second.version_id}")
    assert newest["resources"]["script"]["etag"] == second.etag


async def test_old_versions_go(api: Any) -> None:
    for _ in range(12):
        await put(api)
    assert len(list((api.files / "hello").iterdir())) == 10
    assert len((await get(api, "deployments"))["deployments"]) == 10


async def test_subdomain(api: Any) -> None:
    await put(api)
    subdomain = api.client.workers.scripts.subdomain
    assert (await subdomain.get("hello", account_id=ACCOUNT)).enabled is False
    enabled = await subdomain.create("hello", account_id=ACCOUNT, enabled=True, previews_enabled=True)
    assert (enabled.enabled, enabled.previews_enabled) == (True, True)
    assert api.host.subdomain == {"hello": True}
    await put(api)
    assert (await subdomain.get("hello", account_id=ACCOUNT)).enabled is True
    await subdomain.delete("hello", account_id=ACCOUNT)
    assert api.host.subdomain == {"hello": False}
    assert (await api.client.workers.subdomains.get(account_id=ACCOUNT)).subdomain == "local"


async def test_what_comes_later_is_refused_by_name(api: Any) -> None:
    await put(api)
    scripts = api.client.workers.scripts
    with pytest.raises(Exception, match="cron triggers are not served by the local cloud yet"):
        await scripts.schedules.update("hello", account_id=ACCOUNT, body=[{"cron": "0 * * * *"}])
    assert (await scripts.schedules.get("hello", account_id=ACCOUNT)).schedules == []


@pytest.mark.parametrize("name", ["Hello", "-a", "a-", "a.b", "x" * 64, "%2E%2E"])
async def test_script_names(api: Any, name: str) -> None:
    answer = await send(api, [("metadata", (None, json.dumps(METADATA).encode())), ("entry.py", MAIN)], name)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, 10016)
