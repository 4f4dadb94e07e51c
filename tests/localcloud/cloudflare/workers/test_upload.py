import datetime
import json
from typing import Any

import pytest

from localcloud.cloudflare import multipart
from localcloud.cloudflare.exceptions import ApiError
from localcloud.cloudflare.workers import compatibility, upload
from localcloud.http import Request

METADATA: dict[str, Any] = {
    "main_module": "entry.py",
    "compatibility_date": "2026-05-01",
    "compatibility_flags": ["python_workers"],
}
MAIN = multipart.Part("entry.py", "entry.py", "text/x-python", b"pass")


def read(*parts: multipart.Part, metadata: object = METADATA, before: tuple[dict[str, Any], ...] = ()) -> upload.Upload:
    content = metadata if isinstance(metadata, bytes) else json.dumps(metadata).encode()
    body, content_type = multipart.render([*(parts or (MAIN,)), multipart.Part("metadata", None, "", content)])
    return upload.read(Request("PUT", "/", "", [("content-type", content_type)], body, ""), before)


def refused(code: int, *parts: multipart.Part, **more: Any) -> str:
    with pytest.raises(ApiError) as caught:
        read(*parts, **more)
    assert caught.value.code == code
    return f"{caught.value} {caught.value.hint}"


def test_main_module_comes_first_whatever_the_order() -> None:
    other = multipart.Part("a.py", "a.py", "text/x-python", b"")
    assert [module.name for module in read(other, MAIN).modules] == ["entry.py", "a.py"]


def test_source_maps_are_no_modules() -> None:
    source_map = multipart.Part("entry.py.map", "entry.py.map", "application/source-map", b"{}")
    assert len(read(MAIN, source_map).modules) == 1


def test_settings_keep_what_the_metadata_says() -> None:
    observability = {"enabled": True, "head_sampling_rate": 1}
    settings = read(metadata=METADATA | {"observability": observability, "limits": {"cpu_ms": 50}}).settings
    assert settings["observability"] == observability
    assert settings["limits"] == {"cpu_ms": 50}


def test_no_multipart_body() -> None:
    with pytest.raises(ApiError, match="multipart/form-data"):
        upload.read(Request("PUT", "/", "", [("content-type", "application/javascript")], b"", ""), ())


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        (b"{", "could not parse part metadata"),
        ([], "must be a JSON object"),
        ({}, "main_module is missing"),
        (METADATA | {"main_module": "other.py"}, "Main module name is not present in bundle"),
        (METADATA | {"compatibility_flags": []}, "python_workers compatibility flag is required"),
        (METADATA | {"compatibility_date": "2026-1-1"}, "Invalid compatibility date: 2026-1-1"),
        (METADATA | {"compatibility_date": "2999-01-01"}, "Can't set compatibility date in the future: 2999-01-01"),
        (METADATA | {"limits": {"cpu_ms": 300_001}}, "1 to 300000"),
        (METADATA | {"assets": {"jwt": "x"}}, "metadata.assets is not served"),
        (METADATA | {"bindings": {}}, "must be a list"),
    ],
)
def test_metadata_that_is_refused(metadata: object, words: str) -> None:
    assert words in refused(10021, metadata=metadata)


def test_metadata_is_needed() -> None:
    body, content_type = multipart.render([MAIN])
    with pytest.raises(ApiError, match="could not read content for part metadata"):
        upload.read(Request("PUT", "/", "", [("content-type", content_type)], body, ""), ())


@pytest.mark.parametrize("name", ["../entry.py", "/entry.py", "a/../../b", "a//b", ".", "a\\b", "./a"])
def test_module_names_stay_inside_their_folder(name: str) -> None:
    part = multipart.Part(name, name, "text/x-python", b"")
    assert "relative path" in refused(10021, MAIN, part)


def test_modules_that_are_refused() -> None:
    assert "valid types" in refused(10021, MAIN, multipart.Part("a", "a", "image/png", b""))
    assert "more than once" in refused(10021, MAIN, MAIN)
    script = multipart.Part("entry.py", "entry.py", "application/javascript+module", b"")
    assert "Python Workers" in refused(10021, script)


def test_size_limit_names_the_largest_modules() -> None:
    big = multipart.Part("big.bin", "big.bin", "application/octet-stream", bytes(64 << 20))
    assert "big.bin (67,108,864 bytes)" in refused(10027, MAIN, big)


def test_bindings_that_are_refused() -> None:
    def words(*bindings: object, code: int = 10021) -> str:
        return refused(code, metadata=METADATA | {"bindings": list(bindings)})

    assert "it serves ai, d1, json, kv_namespace, plain_text, secret_text" in words(
        {"type": "durable_object_namespace", "name": "A"}
    )
    assert "JavaScript identifier" in words({"type": "plain_text", "name": "a-b", "text": ""})
    assert "must have 'text'" in words({"type": "plain_text", "name": "A"})
    assert "over 5120 bytes" in words({"type": "plain_text", "name": "A", "text": "é" * 2561})
    assert "already in use" in words(*[{"type": "plain_text", "name": "A", "text": ""}] * 2)
    assert "at most 128" in words(*[{"type": "plain_text", "name": f"A{n}", "text": ""} for n in range(129)])
    assert "no such binding" in words({"type": "inherit", "name": "A"}, code=10057)


def test_bindings_of_the_version_before() -> None:
    before = ({"type": "plain_text", "name": "A", "text": "1"}, {"type": "json", "name": "B", "json": [2]})
    given = [{"type": "plain_text", "name": "A", "text": "new"}, {"type": "inherit", "name": "C", "old_name": "B"}]
    kept = read(metadata=METADATA | {"bindings": given, "keep_bindings": ["plain_text", "json"]}, before=before)
    by_name = {binding["name"]: binding for binding in kept.settings["bindings"]}
    assert by_name["A"]["text"] == "new"
    assert by_name["B"] == before[1]
    assert by_name["C"] == {"type": "json", "name": "C", "json": [2]}


SECRETS = ({"type": "secret_text", "name": "S", "sealed": "…"}, {"type": "secret_text", "name": "T", "sealed": "…"})


@pytest.mark.parametrize(
    ("metadata", "kept"),
    [
        ({}, {"S", "T"}),  # wrangler deploy
        ({"keep_bindings": ["plain_text", "json"]}, set()),
        ({"keep_bindings": ["secret_text"]}, {"S", "T"}),
        ({"bindings": [{"type": "secret_text", "name": "U", "text": "new"}]}, {"U"}),
        (
            {"bindings": [{"type": "secret_text", "name": "S", "text": "new"}], "keep_bindings": ["secret_text"]},
            {"S", "T"},
        ),
        ({"bindings": [{"type": "inherit", "name": "T"}], "keep_bindings": []}, {"T"}),
    ],
)
def test_secrets_of_the_version_before(metadata: dict[str, Any], kept: set[str]) -> None:
    bindings = read(metadata=METADATA | metadata, before=SECRETS).settings["bindings"]
    assert {binding["name"] for binding in bindings} == kept
    for binding in bindings:
        assert ("text" in binding) == any(
            binding["name"] == given["name"] for given in metadata.get("bindings", []) if "text" in given
        )


def test_a_secret_is_not_shown_in_the_error_about_it() -> None:
    binding = {"type": "secret_text", "name": "S", "text": "hush" * 2000}
    assert "hush" not in refused(10021, metadata=METADATA | {"bindings": [binding]})


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["python_worker"], "No such compatibility flag: python_worker"),
        (["nodejs_compat", "nodejs_compat"], "specified multiple times"),
        (["python_workflows", "disable_python_workflows"], "mutually contradictory"),
        (["experimental"], "is experimental"),
    ],
)
def test_flags(flags: list[str], words: str) -> None:
    with pytest.raises(ApiError, match=words):
        compatibility.check("2026-05-01", flags)


def test_today_is_not_the_future() -> None:
    today = datetime.date(2026, 5, 1)
    compatibility.check("2026-05-01", ["python_workers", "python_workers_20260610"], today)
    with pytest.raises(ApiError, match="in the future"):
        compatibility.check("2026-05-02", [], today)
