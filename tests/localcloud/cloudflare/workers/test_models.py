"""What a data folder holds after a process has ended, however it did."""

import asyncio
import json
from typing import Any

import pytest

from localcloud.cloudflare import multipart
from localcloud.cloudflare.workers.models import Scripts
from localcloud.http import Request

pytestmark = pytest.mark.anyio


def upload(source: bytes) -> Request:
    metadata = {"main_module": "m.py", "compatibility_date": "2026-05-01", "compatibility_flags": ["python_workers"]}
    parts = [
        multipart.Part("metadata", None, "", json.dumps(metadata).encode()),
        multipart.Part("m.py", "m.py", "text/x-python", source),
    ]
    body, content_type = multipart.render(parts)
    return Request("PUT", "/", "", [("content-type", content_type)], body, "")


def open_scripts(data: Any, host: Any) -> Scripts:
    scripts: Scripts = data.open(host)[0]
    return scripts


@pytest.fixture
def host(memory_host: Any) -> Any:
    return memory_host()


async def test_a_new_host_is_told_everything(data: Any, host: Any, memory_host: Any) -> None:
    scripts = open_scripts(data, host)
    await scripts.put("one", upload(b"1"))
    await scripts.put("two", upload(b"2"))
    await scripts.set_subdomain("one", enabled=True, previews_enabled=False)

    new = memory_host()
    again = open_scripts(data, new)
    again.sweep()
    assert await again.restore() == {}
    assert new.sources == {"one": b"1", "two": b"2"}
    assert new.subdomain == {"one": True, "two": False}
    assert new.scripts == host.scripts


async def test_an_upload_cut_short_leaves_the_version_before(data: Any, host: Any, memory_host: Any) -> None:
    scripts = open_scripts(data, host)
    before = await scripts.put("one", upload(b"1"))
    # As after a kill between the files and the row.
    (data.folder / "workers" / "one" / "cut-short" / "modules").mkdir(parents=True)
    (data.folder / "workers" / "never" / "cut-short" / "modules").mkdir(parents=True)

    new = memory_host()
    again = open_scripts(data, new)
    again.sweep()
    await again.restore()
    assert new.sources == {"one": b"1"}
    assert [folder.name for folder in (data.folder / "workers").glob("*/*")] == [before.version.id]
    assert not (data.folder / "workers" / "never").exists()


async def test_a_script_that_no_longer_starts_is_reported(data: Any, host: Any, memory_host: Any) -> None:
    await open_scripts(data, host).put("one", upload(b"1"))
    new = memory_host()
    new.refuses = "Uncaught MemoryError"
    assert await open_scripts(data, new).restore() == {"one": "Uncaught MemoryError"}


async def test_uploads_of_one_script_come_in_turn(data: Any, host: Any) -> None:
    scripts = open_scripts(data, host)
    await asyncio.gather(*(scripts.put("one", upload(b"%d" % number)) for number in range(5)))
    assert [version.number for version in scripts.versions("one")] == [5, 4, 3, 2, 1]
    assert host.scripts["one"].version_id == scripts.get("one").version.id


async def test_deleted_while_the_host_is_away(data: Any, host: Any, memory_host: Any) -> None:
    scripts = open_scripts(data, host)
    await scripts.put("one", upload(b"1"))
    host.unreachable = True
    await scripts.delete("one")
    new = memory_host()
    await open_scripts(data, new).restore()
    assert new.scripts == {}


async def test_a_full_disk_leaves_the_version_before(data: Any, host: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = open_scripts(data, host)
    before = await scripts.put("one", upload(b"1"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("localcloud.cloudflare.workers.modules.ModuleFiles.sync", full)
    for name in ("one", "two"):
        with pytest.raises(OSError, match="No space left"):
            await scripts.put(name, upload(b"2"))
    assert scripts.all() == [before]
    assert host.sources["one"] == b"1"
    assert list(host.scripts) == ["one"]
    assert [folder.name for folder in (data.folder / "workers").glob("*/*")] == [before.version.id]
