"""D1 through the official `cloudflare` package, on the real storage."""

from typing import Any

import httpx
import pytest
from cloudflare import APIStatusError

from tests.localcloud.cloudflare.process import ACCOUNT, Process

MISSING = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def d1(real_cloudflare: Process) -> Any:
    return real_cloudflare.client.d1.database


@pytest.fixture
def database(d1: Any, request: pytest.FixtureRequest) -> Any:
    made = d1.create(account_id=ACCOUNT, name=request.node.name.partition("[")[0])
    yield made.uuid
    d1.delete(made.uuid, account_id=ACCOUNT)


def refused(call: Any, *words: Any, **named: Any) -> tuple[int, int, str]:
    with pytest.raises(APIStatusError) as error:
        call(*words, account_id=ACCOUNT, **named)
    [found] = error.value.errors
    return error.value.status_code, int(found.code or 0), str(found.message)


def test_databases(d1: Any) -> None:
    made = d1.create(account_id=ACCOUNT, name="orders", jurisdiction="eu", read_replication={"mode": "auto"})
    assert (made.name, made.version, made.jurisdiction, made.num_tables) == ("orders", "production", "eu", 0)
    assert made.read_replication.mode == "auto"
    assert len(made.uuid) == 36
    assert made.created_at is not None
    other = d1.create(account_id=ACCOUNT, name="other")
    assert refused(d1.create, name="orders")[:2] == (400, 7502)
    assert [found.name for found in d1.list(account_id=ACCOUNT, name="ord")] == ["orders"]
    assert [found.name for found in d1.list(account_id=ACCOUNT, per_page=1)] == ["other", "orders"]

    assert (
        d1.edit(made.uuid, account_id=ACCOUNT, read_replication={"mode": "disabled"}).read_replication.mode
        == "disabled"
    )
    changed = d1.update(made.uuid, account_id=ACCOUNT, read_replication={"mode": "auto"})
    assert changed.read_replication.mode == "auto"
    assert refused(d1.update, made.uuid, read_replication={"mode": "often"})[:2] == (400, 7400)

    d1.query(made.uuid, account_id=ACCOUNT, sql="create table t (a)")
    found = d1.get(made.uuid, account_id=ACCOUNT)
    assert found.num_tables == 1
    assert found.file_size > 0
    for database in (made, other):
        d1.delete(database.uuid, account_id=ACCOUNT)
    assert list(d1.list(account_id=ACCOUNT)) == []
    for call in (d1.get, d1.delete):
        assert refused(call, made.uuid) == (404, 7404, f"The database {made.uuid} could not be found")


@pytest.mark.parametrize("name", ["", "-a", "a b", "é", 5])
def test_names_that_are_refused(d1: Any, name: Any) -> None:
    assert refused(d1.create, name=name)[:2] == (400, 7400)


def test_query_and_raw(d1: Any, database: str) -> None:
    def query(method: Any = d1.query, **body: Any) -> Any:
        return method(database, account_id=ACCOUNT, **body).result

    script = "create table items (key text primary key, value blob); insert into items values ('a', 1), ('b', null);"
    [made, filled] = query(sql=script)
    assert (made.success, made.results, filled.results) == (True, [], [])
    assert (filled.meta.changes, filled.meta.rows_written, filled.meta.changed_db) == (2, 4, True)
    assert filled.meta.served_by_primary is True

    [rows] = query(sql="select * from items where key > ? order by key", params=["A"])
    assert rows.results == [{"key": "a", "value": 1}, {"key": "b", "value": None}]
    assert (rows.meta.changes, rows.meta.changed_db, rows.meta.rows_read) == (0, False, 2)
    [raw] = query(d1.raw, sql="select key, value from items")
    assert (raw.results.columns, raw.results.rows) == (["key", "value"], [["a", 1], ["b", None]])

    values = query(batch=[{"sql": "select ? as x", "params": [value]} for value in (1.5, None, True, [104, 105], "é")])
    assert [result.results for result in values] == [[{"x": value}] for value in (1.5, None, 1, [104, 105], "é")]


def test_a_batch_is_done_whole_or_not_at_all(d1: Any, database: str) -> None:
    d1.query(database, account_id=ACCOUNT, sql="create table t (a unique)")
    insert = {"sql": "insert into t values (?)", "params": ["1"]}
    answer = refused(d1.query, database, batch=[insert, insert])
    message = "UNIQUE constraint failed: t.a: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)"
    assert answer == (400, 7500, message)
    assert d1.query(database, account_id=ACCOUNT, sql="select * from t").result[0].results == []


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"sql": "selec"}, 7500, 'near "selec": syntax error at offset 0: SQLITE_ERROR'),
        ({"sql": "select * from missing"}, 7500, "no such table: missing: SQLITE_ERROR"),
        ({"sql": "begin"}, 7500, "To execute a transaction, please use"),
        ({"sql": "select 1", "params": ["1"]}, 7500, "Wrong number of parameter bindings for SQL query."),
        ({"sql": ""}, 7500, "No SQL statements detected."),
        ({"sql": 5}, 7400, "`sql`"),
        ({"sql": None, "params": []}, 7400, "`sql`"),
        ({"batch": []}, 7400, "batch"),
        ({"batch": [{"sql": "select 1"}, 5]}, 7400, "`sql`"),
        ({"sql": "select ?", "params": "x"}, 7400, "params"),
        ({"sql": "select ?", "params": [{}]}, 7400, "params[0]"),
        ({"sql": "select ?", "params": [10**400]}, 7400, "params[0]"),
    ],
)
def test_queries_that_are_refused(d1: Any, database: str, body: dict[str, Any], code: int, words: str) -> None:
    status, found, message = refused(d1.query, database, extra_body=body, sql="")
    assert (status, found) == (400, code)
    assert words in message


def test_what_is_missing_or_not_served(d1: Any, real_cloudflare: Process, database: str) -> None:
    assert refused(d1.query, MISSING, sql="select 1")[:2] == (404, 7404)
    base = f"http://127.0.0.1:{real_cloudflare.port}/client/v4/accounts/{ACCOUNT}/d1/database"
    token = {"authorization": "Bearer any"}
    for path in ("export", "import", "time_travel/restore"):
        answer = httpx.post(f"{base}/{database}/{path}", headers=token, json={})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (501, 7501)
    assert httpx.post(f"{base}/..%2f..%2fx/query", headers=token, json={"sql": "select 1"}).status_code == 404
    nan = httpx.post(f"{base}/{database}/query", headers=token, content='{"sql": "select ?", "params": [NaN]}')
    assert nan.status_code == 400
