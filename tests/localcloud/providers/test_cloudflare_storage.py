"""The stand-in provider's D1 database and KV namespace, message by message, against the whole local Cloudflare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.providers.protocol.values import UNKNOWN
from tests.localcloud.cloudflare.process import ACCOUNT, Process, find_host_node
from tests.localcloud.providers.test_cloudflare import Engine, Refused

D1 = "cloudflare:index/d1Database:D1Database"
KV = "cloudflare:index/workersKvNamespace:WorkersKvNamespace"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    running = Process(tmp_path_factory.mktemp("cf"), find_host_node())
    yield running
    running.close()


def test_a_database_s_whole_life(cloud: Process) -> None:
    engine = Engine(cloud.port, D1)
    program: dict[str, Any] = {"accountId": ACCOUNT, "name": "state", "primaryLocationHint": "weur"}
    inputs = engine.check(program)
    key, foreseen = engine.create(inputs, preview=True)
    assert (key, foreseen["uuid"], foreseen["name"]) == ("", UNKNOWN, "state")
    key, outs = engine.create(inputs)
    assert (outs["uuid"], outs["version"], outs["numTables"]) == (key, "production", 0)
    assert engine.read(key, inputs, outs) == (key, inputs), "no drift"
    assert engine.read(f"{ACCOUNT}/{key}", {}, {})[1]["name"] == "state"

    # A create that was killed after the cloud made it.
    assert engine.create(inputs)[0] == key
    cloud.client.d1.database.query(key, account_id=ACCOUNT, sql="create table t (a)")
    with pytest.raises(Refused, match="7502"):
        engine.create(inputs)
    assert engine.read(key, inputs, outs) == (key, inputs), "tables are not the program's inputs"

    news = engine.check({**program, "readReplication": {"mode": "auto"}}, inputs)
    assert not list(engine.diff(inputs, news).replaces)
    engine.update(inputs, outs, news)
    found = cloud.client.d1.database.get(key, account_id=ACCOUNT)
    assert found.read_replication is not None
    assert found.read_replication.mode == "auto"
    for change in ({"name": "other"}, {"jurisdiction": "eu"}, {"primaryLocationHint": "apac"}):
        diff = engine.diff(inputs, engine.check({**program, **change}, inputs))
        assert list(diff.replaces) == list(change)
        assert diff.deleteBeforeReplace

    engine.delete(outs)
    engine.delete(outs)
    assert engine.read(key, inputs, outs)[0] == "", "gone"


def test_a_namespace_s_whole_life(cloud: Process) -> None:
    engine = Engine(cloud.port, KV)
    program = {"accountId": ACCOUNT, "title": "cache"}
    inputs = engine.check(program)
    key, outs = engine.create(inputs)
    assert outs["supportsUrlEncoding"] is True
    assert engine.read(key, inputs, outs) == (key, inputs), "no drift"
    assert engine.create(inputs)[0] == key, "what a killed create left"
    values = cloud.client.kv.namespaces.values
    values.update("k", account_id=ACCOUNT, namespace_id=key, value=b"v")
    with pytest.raises(Refused, match="10014"):
        engine.create(inputs)

    news = engine.check({**program, "title": "renamed"}, inputs)
    assert not list(engine.diff(inputs, news).replaces)
    engine.update(inputs, outs, news)
    assert cloud.client.kv.namespaces.get(key, account_id=ACCOUNT).title == "renamed"  # type: ignore[union-attr]
    assert engine.read(key, inputs, outs)[1]["title"] == "renamed"
    assert values.get("k", account_id=ACCOUNT, namespace_id=key).read() == b"v"
    engine.delete(outs)
    engine.delete(outs)
    assert engine.read(key, news, outs)[0] == "", "gone"
