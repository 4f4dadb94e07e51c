"""What Python Workers store in D1 and KV, and their secrets, in the whole process: shared with REST, kept, not told."""

import asyncio
import json
from typing import Any

import httpx
import psutil
import pytest

from tests.localcloud.cloudflare.process import ACCOUNT, Process, is_alive, until

MARKER = "mArKeR-9f4a71"
SOURCE = """
import json
from urllib.parse import parse_qs, urlsplit
import js
from pyodide.ffi import to_js
from workers import WorkerEntrypoint, Response, env

AT_TOP_LEVEL = env.TOKEN

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        url = urlsplit(request.url)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        try:
            return Response.from_json(await getattr(self, url.path.strip("/"))(**query))
        except Exception as error:
            return Response(f"{type(error).__name__}: {error}", status=500)

    async def add(self):
        for _ in range(1000):
            row = await self.env.STATE.prepare("select value from counters where name = ?").bind("one").first()
            update = self.env.STATE.prepare("update counters set value = ? where name = ? and value = ?")
            answer = await update.bind(row.value + 1, "one", row.value).run()
            if answer.meta.changes == 1:
                return row.value + 1
        raise TimeoutError("never my turn")

    async def batch(self):
        put = self.env.STATE.prepare("insert into notes values (?, ?)")
        first, last = await self.env.STATE.batch(
            [put.bind("a", None), self.env.STATE.prepare("select * from notes where key = ?").bind("a")]
        )
        return {"changes": first.meta.changes, "rows": last.results}

    async def read(self):
        answer = await self.env.STATE.prepare("select * from notes order by key").all()
        return [dict(row) for row in answer.results]

    async def types(self):
        values = self.env.STATE.prepare("select ? as b, ? as s, ? as n, ? as f")
        answer = await values.bind(True, "x", None, 1.5).first()
        blob = await self.env.STATE.prepare("select ? as blob").bind(to_js(b"ab")).first()
        return [answer.b, answer.s, answer.n, answer.f, list(blob.blob)]

    async def wrong(self):
        await self.env.STATE.prepare("select * from missing").all()

    async def kv(self):
        await self.env.CACHE.put("k/1", "one", {"expirationTtl": 60, "metadata": {"n": 1}})
        await self.env.CACHE.put("k/2", json.dumps({"two": 2}))
        await self.env.CACHE.put("k/3", to_js(b"three"))
        found = await self.env.CACHE.getWithMetadata("k/1")
        listed = await self.env.CACHE.list({"prefix": "k/", "limit": 2})
        await self.env.CACHE.delete("k/3")
        two = await self.env.CACHE.get("k/2", "json")
        return {
            "value": found.value, "metadata": found.metadata.n, "two": two.two, "none": await self.env.CACHE.get("k/3"),
            "names": [key.name for key in listed["keys"]], "complete": listed.list_complete, "cursor": listed.cursor,
        }

    async def long(self):
        await self.env.CACHE.put("k" * 513, "x")

    async def secret(self):
        return {"now": self.env.TOKEN, "top": AT_TOP_LEVEL, "fits": self.env.TOKEN == AT_TOP_LEVEL}
"""


class Deployed:
    """The Worker of these tests, with its database and its namespace."""

    def __init__(self, process: Process, secret: str = MARKER) -> None:
        self.process = process
        client = process.client
        self.database = str(client.d1.database.create(account_id=ACCOUNT, name="state").uuid)
        self.namespace = client.kv.namespaces.create(account_id=ACCOUNT, title="cache").id  # type: ignore[union-attr]
        tables = (
            "create table counters (name text primary key, value); create table notes (key text primary key, value)"
        )
        self.query(f"{tables}; insert into counters values ('one', 0)")
        self.put(secret)

    def put(self, secret: str | None) -> None:
        bindings: list[dict[str, Any]] = [
            {"type": "d1", "name": "STATE", "id": self.database},
            {"type": "kv_namespace", "name": "CACHE", "namespace_id": self.namespace},
        ]
        if secret is not None:
            bindings.append({"type": "secret_text", "name": "TOKEN", "text": secret})
        self.process.put("hi", SOURCE, bindings)

    def query(self, sql: str, *params: Any) -> Any:
        database = self.process.client.d1.database
        page = database.query(self.database, account_id=ACCOUNT, sql=sql, params=list(params))
        return [result.results for result in page.result]

    def get(self, path: str) -> Any:
        answer = self.process.get(path)
        try:
            return json.loads(answer)
        except ValueError:
            return answer


@pytest.fixture(scope="module")
def worker(real_cloudflare: Process) -> Deployed:
    return Deployed(real_cloudflare)


def test_d1_from_python(worker: Deployed) -> None:
    assert worker.get("/batch") == {"changes": 1, "rows": [{"key": "a", "value": None}]}
    assert worker.query("insert into notes values (?, ?)", "b", "by REST") == [[]]
    assert worker.get("/read") == [{"key": "a", "value": None}, {"key": "b", "value": "by REST"}]
    assert worker.get("/types") == [1, "x", None, 1.5, [97, 98]]
    assert "D1_ERROR: no such table: missing: SQLITE_ERROR" in worker.get("/wrong")


def test_no_update_is_lost(worker: Deployed) -> None:
    url = f"http://127.0.0.1:{worker.process.port}/_workers/hello/add"

    async def run() -> list[int]:
        async with httpx.AsyncClient(timeout=60) as client:
            answers = await asyncio.gather(*(client.get(url) for _ in range(50)))
        return [answer.json() for answer in answers]

    before = worker.query("select value from counters")[0][0]["value"]
    assert sorted(asyncio.run(run())) == [before + number for number in range(1, 51)]
    assert worker.query("select value from counters") == [[{"value": before + 50}]]


def test_kv_from_python(worker: Deployed) -> None:
    answer = worker.get("/kv")
    assert answer.pop("cursor")
    assert answer == {
        "value": "one",
        "metadata": 1,
        "two": 2,
        "none": None,
        "names": ["k/1", "k/2"],
        "complete": False,
    }
    assert "KV PUT failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512." in worker.get("/long")
    values = worker.process.client.kv.namespaces.values
    assert values.get("k/1", account_id=ACCOUNT, namespace_id=worker.namespace).read() == b"one"


def test_a_new_secret_reaches_isolates_and_no_endpoint_tells_it(worker: Deployed) -> None:
    assert worker.get("/secret") == {"now": MARKER, "top": MARKER, "fits": True}
    secrets = worker.process.client.workers.scripts.secrets
    secrets.update("hello", account_id=ACCOUNT, name="TOKEN", text=f"{MARKER}-2", type="secret_text")
    assert worker.get("/secret") == {"now": f"{MARKER}-2", "top": f"{MARKER}-2", "fits": True}
    # A deployment that says nothing of secrets, as wrangler's, keeps them.
    worker.put(None)
    assert worker.get("/secret")["now"] == f"{MARKER}-2"

    base = f"http://127.0.0.1:{worker.process.port}/client/v4/accounts/{ACCOUNT}/workers"
    places = ("settings", "secrets", "secrets/TOKEN", "versions", "deployments", "content/v2", "subdomain")
    with httpx.Client(headers={"authorization": "Bearer any"}) as client:
        told = [client.get(f"{base}/scripts/hello/{place}") for place in places]
        told += [client.get(f"{base}/scripts"), client.get(f"{base}/services/hello")]
        version = told[3].json()["result"]["items"][0]["id"]
        told.append(client.get(f"{base}/scripts/hello/versions/{version}"))
    assert all(answer.status_code == 200 for answer in told)
    assert all(MARKER not in answer.text for answer in told)
    assert json.loads(told[2].text)["result"] == {"name": "TOKEN", "type": "secret_text"}
    assert MARKER not in json.dumps(worker.process.status())


def test_a_secret_is_nowhere_on_the_disk_nor_in_arguments(worker: Deployed) -> None:
    """Neither is the memory snapshot readable, whose top level has the secret in a variable."""
    folder = worker.process.folder
    snapshots = list((folder / "data/host/snapshots").iterdir())
    assert any(snapshot.stat().st_size > 1_000_000 for snapshot in snapshots)
    spellings = [MARKER.encode(), MARKER.encode("utf-16-le"), MARKER.encode("utf-32-le")]
    found = [
        path for path in folder.rglob("*") if path.is_file() and any(word in path.read_bytes() for word in spellings)
    ]
    assert found == []
    parent = psutil.Process(worker.process.popen.pid)
    for process in (parent, *parent.children(recursive=True)):
        assert MARKER not in " ".join(process.cmdline())
        assert MARKER not in json.dumps(process.environ())
    key = folder / "data/secrets.key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_killed_storage_is_started_anew(worker: Deployed) -> None:
    worker.query("insert or replace into notes values ('kept', 1)")
    storage = worker.process.storage()
    storage.kill()
    until(lambda: not is_alive(storage))
    assert {"key": "kept", "value": 1.0} in worker.get("/read")
    assert worker.process.storage().pid != storage.pid


def test_what_was_answered_survives_every_kill(process: Process) -> None:
    worker = Deployed(process)
    assert worker.get("/add") == 1
    process.host().kill()
    until(lambda: worker.get("/add") == 2)
    assert worker.query("select value from counters") == [[{"value": 2}]]

    worker.get("/kv")
    storage = process.storage()
    process.popen.kill()
    process.close()
    until(lambda: not is_alive(storage))
    process.start()
    assert worker.get("/add") == 3
    assert worker.get("/secret")["now"] == MARKER
    assert worker.query("select value from counters") == [[{"value": 3}]]
    keys = process.client.kv.namespaces.keys.list(worker.namespace, account_id=ACCOUNT)
    assert [key.name for key in keys] == ["k/1", "k/2"]
