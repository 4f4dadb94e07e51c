"""Workers KV through the official `cloudflare` package, on the real storage."""

import time
from typing import Any

import httpx
import pytest
from cloudflare import APIStatusError

from tests.localcloud.cloudflare.process import ACCOUNT, Process


@pytest.fixture
def kv(real_cloudflare: Process) -> Any:
    return real_cloudflare.client.kv.namespaces


@pytest.fixture
def namespace(kv: Any, request: pytest.FixtureRequest) -> Any:
    made = kv.create(account_id=ACCOUNT, title=request.node.name)
    yield made.id
    kv.delete(made.id, account_id=ACCOUNT)


def refused(call: Any, *words: Any, **named: Any) -> tuple[int, int, str]:
    with pytest.raises(APIStatusError) as error:
        call(*words, account_id=ACCOUNT, **named)
    [found] = error.value.errors
    return error.value.status_code, int(found.code or 0), str(found.message)


def test_namespaces(kv: Any) -> None:
    made = kv.create(account_id=ACCOUNT, title="b")
    assert (made.title, made.supports_url_encoding, len(made.id)) == ("b", True, 32)
    other = kv.create(account_id=ACCOUNT, title="a")
    assert refused(kv.create, title="a") == (
        400,
        10014,
        "a namespace with this account ID and title already exists",
    )
    assert refused(kv.create, title="")[:2] == (400, 10019)
    assert [found.title for found in kv.list(account_id=ACCOUNT, order="title")] == ["a", "b"]
    assert [found.title for found in kv.list(account_id=ACCOUNT, order="title", direction="desc")] == ["b", "a"]
    assert kv.update(made.id, account_id=ACCOUNT, title="c").title == "c"
    assert kv.get(made.id, account_id=ACCOUNT).title == "c"
    assert refused(kv.update, made.id, title="a")[:2] == (400, 10014)
    for namespace in (made, other):
        kv.delete(namespace.id, account_id=ACCOUNT)
    assert refused(kv.get, made.id)[:2] == (404, 10013)
    assert refused(kv.keys.list, made.id) == (404, 10013, "list keys: 'namespace not found'")


def test_values(kv: Any, namespace: str) -> None:
    at = {"account_id": ACCOUNT, "namespace_id": namespace}
    key = "a/b?ü:%"
    kv.values.update(key, **at, value=b"text", metadata={"n": 1}, expiration_ttl=100)
    answer = kv.values.get(key, **at)
    assert answer.read() == b"text"
    assert abs(int(answer.headers["expiration"]) - time.time() - 100) < 10
    assert kv.metadata.get(key, **at) == {"n": 1}
    [listed] = kv.keys.list(namespace, account_id=ACCOUNT)
    assert (listed.name, listed.metadata) == (key, {"n": 1})
    assert abs(listed.expiration - time.time() - 100) < 10

    kv.values.update(key, **at, value=b"new")
    assert "expiration" not in kv.values.get(key, **at).headers
    assert kv.metadata.get(key, **at) is None
    kv.values.delete(key, **at)
    kv.values.delete(key, **at)
    assert refused(kv.values.get, key, namespace_id=namespace) == (404, 10009, "get: 'key not found'")
    assert refused(kv.values.update, key, namespace_id=namespace, value=b"x", expiration_ttl=59)[:2] == (400, 10033)
    assert refused(kv.values.update, "k" * 513, namespace_id=namespace, value=b"x")[:2] == (414, 10033)


def test_a_body_without_a_form_is_the_value(real_cloudflare: Process, kv: Any, namespace: str) -> None:
    """As wrangler sends it."""
    url = f"http://127.0.0.1:{real_cloudflare.port}/client/v4/accounts/{ACCOUNT}/storage/kv/namespaces/{namespace}"
    token = {"authorization": "Bearer any"}
    value = bytes(range(256))
    assert httpx.put(f"{url}/values/raw", headers=token, content=value).json()["success"] is True
    assert httpx.get(f"{url}/values/raw", headers=token).content == value
    large = bytes(25 << 20)
    assert httpx.put(f"{url}/values/large", headers=token, content=large, timeout=60).status_code == 200
    assert len(httpx.get(f"{url}/values/large", headers=token, timeout=60).content) == len(large)
    assert httpx.put(f"{url}/values/large", headers=token, content=large + b"x", timeout=60).status_code == 413


def test_bulk_and_pages(kv: Any, namespace: str) -> None:
    entries: list[dict[str, Any]] = [{"key": f"k{number:02}", "value": str(number)} for number in range(25)]
    entries.append({"key": "bytes", "value": "AAH/", "base64": True, "metadata": {"kind": "bytes"}})
    done = kv.bulk_update(namespace, account_id=ACCOUNT, body=entries)
    assert (done.successful_key_count, done.unsuccessful_keys) == (26, [])
    assert kv.values.get("bytes", account_id=ACCOUNT, namespace_id=namespace).read() == b"\0\1\xff"

    names = [key.name for key in kv.keys.list(namespace, account_id=ACCOUNT, prefix="k", limit=10)]
    assert names == [f"k{number:02}" for number in range(25)]
    got = kv.bulk_get(namespace, account_id=ACCOUNT, keys=["k01", "none"])
    assert got.values == {"k01": "1", "none": None}
    whole = kv.bulk_get(namespace, account_id=ACCOUNT, keys=["k02"], type="json", with_metadata=True)
    assert whole.values["k02"].value == 2
    assert refused(kv.bulk_get, namespace, keys=["k"] * 101)[:2] == (400, 10001)

    bad = [{"key": "good", "value": "1"}, {"key": "bad", "value": "1", "expiration_ttl": 1}]
    assert refused(kv.bulk_update, namespace, body=bad)[:2] == (400, 10033)
    assert refused(kv.values.get, "good", namespace_id=namespace)[:2] == (404, 10009)
    kv.bulk_delete(namespace, account_id=ACCOUNT, body=[*names, "none"])
    assert [key.name for key in kv.keys.list(namespace, account_id=ACCOUNT)] == ["bytes"]
