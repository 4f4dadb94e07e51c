"""Migrations against a small D1: each once, in order, whole or not at all, wherever an earlier run stopped."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.cloudflare.api import BASE_URL, Api, ApiError
from components.cloudflare.migrations import Migration, Migrations
from components.errors import ArgumentError, SourceMissingError

ROOT = Path(__file__).resolve().parents[3]
ACCOUNT, DATABASE = "a" * 32, "0b8a1f5e-0000-4000-8000-000000000000"
TWO = Migrations(
    (
        Migration("0001_items.sql", "CREATE TABLE items (key TEXT);\n-- a comment; with a semicolon\n"),
        Migration("0002_more.sql", "CREATE TABLE more (key TEXT); INSERT INTO more VALUES ('a')"),
    )
)


@dataclass(slots=True)
class D1:
    """The query endpoint over SQLite: a batch is one transaction. `fail` is what it answers in place of the next."""

    port: int = 0
    database: sqlite3.Connection = field(
        default_factory=lambda: sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    )
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    fail: list[tuple[int, bytes]] = field(default_factory=list)

    def query(self, sql: str) -> Any:
        if sql.startswith("SELECT"):
            cursor = self.database.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]
        try:
            self.database.executescript(f"BEGIN; {sql}\n; COMMIT;")
        except sqlite3.Error:
            self.database.rollback()
            raise
        return []

    def tables(self) -> set[str]:
        return {name for (name,) in self.database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def api(self) -> Api:
        return Api(f"http://127.0.0.1:{self.port}/client/v4", {"Authorization": "Bearer TOKEN"})


@contextmanager
def _serving() -> Iterator[D1]:
    d1 = D1()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sql = json.loads(self.rfile.read(int(self.headers["content-length"])))["sql"]
            d1.asked.append((self.path, self.headers["authorization"], sql))
            status, content = d1.fail.pop(0) if d1.fail else self._answer(sql)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(content)

        def _answer(self, sql: str) -> tuple[int, bytes]:
            try:
                result = [{"results": d1.query(sql), "success": True, "meta": {}}]
                answer = {"success": True, "errors": [], "messages": [], "result": result}
            except sqlite3.Error as error:
                errors = [{"code": 7500, "message": f"{error}: SQLITE_ERROR"}]
                return 400, json.dumps({"success": False, "errors": errors, "result": []}).encode()
            return 200, json.dumps(answer).encode()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    d1.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield d1
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        d1.database.close()


@pytest.fixture
def d1() -> Iterator[D1]:
    with _serving() as d1:
        yield d1


def applied(d1: D1) -> list[str]:
    return [name for (name,) in d1.database.execute("SELECT name FROM d1_migrations ORDER BY id")]


def test_what_is_not_applied_is_applied_in_order_and_once(d1: D1) -> None:
    TWO.apply(d1.api(), ACCOUNT, DATABASE)
    assert applied(d1) == ["0001_items.sql", "0002_more.sql"]
    assert {"items", "more"} <= d1.tables()
    assert d1.asked[0][:2] == (f"/client/v4/accounts/{ACCOUNT}/d1/database/{DATABASE}/query", "Bearer TOKEN")
    asked = len(d1.asked)
    TWO.apply(d1.api(), ACCOUNT, DATABASE)
    assert len(d1.asked) == asked + 2, "looked, and did nothing"
    third = Migrations((*TWO.files, Migration("0003_last.sql", "DROP TABLE more;")))
    third.apply(d1.api(), ACCOUNT, DATABASE)
    assert applied(d1)[-1] == "0003_last.sql"


def test_a_migration_that_fails_leaves_nothing_and_comes_again(d1: D1) -> None:
    broken = Migrations(
        (TWO.files[0], Migration("0002_more.sql", "CREATE TABLE more (key TEXT); INSERT INTO no VALUES (1)"))
    )
    with pytest.raises(ApiError, match="HTTP 400; 7500: no such table: no") as caught:
        broken.apply(d1.api(), ACCOUNT, DATABASE)
    assert caught.value.codes == (7500,)
    assert applied(d1) == ["0001_items.sql"]
    assert "more" not in d1.tables()
    TWO.apply(d1.api(), ACCOUNT, DATABASE)
    assert applied(d1) == ["0001_items.sql", "0002_more.sql"]


@pytest.mark.parametrize("call", range(4))
@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b'{"success": false, "errors": [{"code": 1, "message": "x"}]}']
)
def test_wherever_a_run_stops_the_next_one_goes_on(d1: D1, call: int, content: bytes) -> None:
    class StopsAt(list[Any]):
        """Empty for as many calls as there are before the one that fails."""

        left = call

        def __bool__(self) -> bool:
            self.left -= 1
            return self.left == -1

    d1.fail = StopsAt([(502, content)])
    with pytest.raises(ApiError, match="HTTP 502") as caught:
        TWO.apply(d1.api(), ACCOUNT, DATABASE)
    assert "TOKEN" not in str(caught.value)
    assert len(d1.asked) == call + 1
    TWO.apply(d1.api(), ACCOUNT, DATABASE)
    assert applied(d1) == ["0001_items.sql", "0002_more.sql"]


def test_an_api_that_is_not_there_is_named() -> None:
    with pytest.raises(ApiError, match=r"POST http://127\.0\.0\.1:9/"):
        TWO.apply(Api("http://127.0.0.1:9", {}), ACCOUNT, DATABASE)
    with pytest.raises(ApiError, match="must start with https"):
        TWO.apply(Api("file:///etc", {}), ACCOUNT, DATABASE)


def test_the_api_is_the_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "TOKEN")
    pulumi.runtime.set_all_config({})
    assert Api.of_provider() == Api(BASE_URL, {"Authorization": "Bearer TOKEN"})
    assert "TOKEN" not in repr(Api.of_provider())
    pulumi.runtime.set_all_config({"cloudflare:baseUrl": "http://127.0.0.1:1/v4/", "cloudflare:apiToken": "OTHER"})
    assert Api.of_provider() == Api("http://127.0.0.1:1/v4", {"Authorization": "Bearer OTHER"})
    pulumi.runtime.set_all_config({})


def test_files_are_read_in_order_and_any_change_is_another_version(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError, match="no migration"):
        Migrations.read(tmp_path)
    (tmp_path / "0002_b.sql").write_text("SELECT 2;")
    (tmp_path / "0001_a.sql").write_text("SELECT 1;")
    read = Migrations.read(tmp_path)
    assert [file.name for file in read.files] == ["0001_a.sql", "0002_b.sql"]
    (tmp_path / "0001_a.sql").write_text("SELECT 3;")
    assert Migrations.read(tmp_path).version != read.version
    (tmp_path / "3.sql").write_text("")
    with pytest.raises(ArgumentError, match=r"has 3\.sql"):
        Migrations.read(tmp_path)


def test_our_own_migrations_make_the_table(d1: D1) -> None:
    Migrations.read(ROOT / "workers" / "migrations").apply(d1.api(), ACCOUNT, DATABASE)
    assert {"items", "d1_migrations"} <= d1.tables()
