"""Secrets of scripts through the official `cloudflare` package, and what becomes of them in a data folder."""

import json
import shutil
from typing import Any

import httpx
import pytest
from cloudflare import APIStatusError

pytestmark = pytest.mark.anyio

ACCOUNT = "00000000000000000000000000000001"
DATABASE = "00000000-0000-4000-8000-000000000001"
MARKER = "mArKeR-51c0"
METADATA: dict[str, Any] = {
    "main_module": "entry.py",
    "compatibility_date": "2026-05-01",
    "compatibility_flags": ["python_workers"],
}


async def put(api: Any, *bindings: dict[str, Any], **more: Any) -> Any:
    metadata = METADATA | {"bindings": list(bindings)} | more
    files = [("entry.py", b"pass", "text/x-python")]
    return await api.client.workers.scripts.update("hello", account_id=ACCOUNT, metadata=metadata, files=files)


def secret(name: str, text: str) -> dict[str, Any]:
    return {"type": "secret_text", "name": name, "text": text}


def bound(api: Any) -> dict[str, str]:
    return {binding["name"]: binding.get("text", "") for binding in api.host.scripts["hello"].bindings}


async def code(call: Any) -> tuple[int, int]:
    with pytest.raises(APIStatusError) as refused:
        await call
    assert MARKER not in str(refused.value)
    return refused.value.status_code, int(refused.value.errors[0].code or 0)


async def test_set_list_get_and_delete(api: Any) -> None:
    secrets = api.client.workers.scripts.secrets
    assert await code(secrets.update("hello", account_id=ACCOUNT, **secret("KEY", MARKER))) == (404, 10007)
    before = await put(api, {"type": "plain_text", "name": "PLAIN", "text": "x"})
    made = await secrets.update("hello", account_id=ACCOUNT, **secret("KEY", MARKER))
    assert (made.name, made.type) == ("KEY", "secret_text")
    assert not hasattr(made, "text")
    assert bound(api) == {"PLAIN": "x", "KEY": MARKER}
    assert api.host.sources["hello"] == b"pass"

    await secrets.update("hello", account_id=ACCOUNT, **secret("KEY", "new"))
    assert bound(api)["KEY"] == "new"
    assert [(found.name, found.type) async for found in secrets.list("hello", account_id=ACCOUNT)] == [
        ("KEY", "secret_text")
    ]
    assert (await secrets.get("KEY", account_id=ACCOUNT, script_name="hello")).name == "KEY"
    deployments = await api.client.get(f"/accounts/{ACCOUNT}/workers/scripts/hello/deployments", cast_to=httpx.Response)
    triggers = [found["annotations"]["workers/triggered_by"] for found in deployments.json()["result"]["deployments"]]
    assert triggers == ["secret", "secret", "upload"]
    [script] = [found async for found in api.client.workers.scripts.list(account_id=ACCOUNT)]
    assert script.etag == before.etag, "the code is the same"

    assert await code(secrets.update("hello", account_id=ACCOUNT, **secret("PLAIN", MARKER))) == (400, 10053)
    assert await code(secrets.update("hello", account_id=ACCOUNT, **secret("a-b", MARKER))) == (400, 10021)
    assert await code(secrets.update("hello", account_id=ACCOUNT, **secret("KEY", MARKER * 999))) == (400, 10021)
    await secrets.delete("KEY", account_id=ACCOUNT, script_name="hello")
    assert bound(api) == {"PLAIN": "x"}
    for call in (secrets.delete, secrets.get):
        assert await code(call("KEY", account_id=ACCOUNT, script_name="hello")) == (404, 10056)


async def test_several_at_once(api: Any) -> None:
    await put(api, secret("OLD", "1"), secret("KEPT", "2"))
    changes = {"NEW": secret("NEW", "3"), "OLD": None}
    await api.client.workers.scripts.secrets.bulk_update("hello", account_id=ACCOUNT, secrets=changes)
    assert bound(api) == {"KEPT": "2", "NEW": "3"}
    wrong = {"OTHER": secret("OTHER", "4"), "MISSING": None}
    bulk = api.client.workers.scripts.secrets.bulk_update
    assert await code(bulk("hello", account_id=ACCOUNT, secrets=wrong)) == (404, 10056)
    assert bound(api) == {"KEPT": "2", "NEW": "3"}, "all or none"


async def test_uploads_keep_and_inherit_what_they_cannot_read(api: Any) -> None:
    await put(api, secret("KEY", MARKER))
    await put(api)
    assert bound(api) == {"KEY": MARKER}
    await put(api, {"type": "inherit", "name": "RENAMED", "old_name": "KEY"}, keep_bindings=[])
    assert bound(api) == {"RENAMED": MARKER}
    await put(api, secret("RENAMED", "new"))
    assert bound(api) == {"RENAMED": "new"}
    await put(api, keep_bindings=["plain_text"])
    assert bound(api) == {}


async def test_nothing_tells_a_secret(api: Any) -> None:
    uploaded = await put(api, secret("KEY", MARKER), {"type": "d1", "name": "DB", "id": DATABASE})
    assert MARKER not in uploaded.to_json()
    settings = await api.client.workers.scripts.script_and_version_settings.get("hello", account_id=ACCOUNT)
    assert {found.name: found.type for found in settings.bindings} == {"KEY": "secret_text", "DB": "d1"}
    assert "sealed" not in settings.to_json()
    assert MARKER not in repr(api.host.scripts["hello"])
    folder = api.files.parent
    assert not any(MARKER.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_a_restored_host_gets_them_again_but_not_with_another_key(data: Any, api: Any, memory_host: Any) -> None:
    await put(api, secret("KEY", MARKER))
    new = memory_host()
    scripts, _ = data.open(new)
    assert await scripts.restore() == {}
    assert new.scripts["hello"].bindings[0]["text"] == MARKER

    shutil.move(data.folder / "secrets.key", data.folder / "lost.key")
    scripts, _ = data.open(new)
    reasons = await scripts.restore()
    assert "the secret 'KEY' of hello was sealed with another key" in reasons["hello"]
    assert MARKER not in json.dumps(reasons)


async def test_targets_must_be_there(api: Any) -> None:
    assert await code(put(api, {"type": "d1", "name": "DB", "id": "nope"})) == (400, 10021)
    assert await code(put(api, {"type": "d1", "name": "DB"})) == (400, 10021)
    assert await code(put(api, {"type": "kv_namespace", "name": "KV", "namespace_id": "nope"})) == (400, 10041)
    await put(api, {"type": "d1", "name": "DB", "database_id": DATABASE})
    assert api.host.scripts["hello"].bindings == ({"id": DATABASE, "type": "d1", "name": "DB"},)
