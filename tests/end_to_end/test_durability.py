"""What both local clouds have answered is there after an orderly stop, and after the whole of them is killed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable

import psutil
import pytest

from tests.end_to_end.clouds import ACCOUNT, aws, cloudflare_client
from tools.sandbox import Sandbox


def stop(sandbox: Sandbox) -> None:
    sandbox.localcloud("stop")


def kill(sandbox: Sandbox) -> None:
    """Everything at once, as when the power goes; what the supervisor leaves behind ends by itself."""
    pid = json.loads((sandbox.folder / "localcloud" / "run.json").read_text())["supervisor"]["pid"]
    supervisor = psutil.Process(pid)
    everyone = [supervisor, *supervisor.children(recursive=True)]
    for process in everyone:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    psutil.wait_procs(everyone, timeout=10)


@pytest.mark.parametrize(("name", "end"), [("stopped", stop), ("killed", kill)], ids=["stop", "kill"])
def test_data_and_secrets_stay(sandbox: Sandbox, name: str, end: Callable[[Sandbox], None]) -> None:
    dynamodb, secrets = aws(sandbox, "dynamodb"), aws(sandbox, "secretsmanager")
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    secrets.create_secret(Name=name, SecretString="a secret that stays")
    with cloudflare_client(sandbox) as cloudflare:
        database = cloudflare.d1.database.create(account_id=ACCOUNT, name=name)
        assert database.uuid is not None
        cloudflare.d1.database.query(database.uuid, account_id=ACCOUNT, sql="CREATE TABLE t (n INTEGER)")
        space = cloudflare.kv.namespaces.create(account_id=ACCOUNT, title=name)
        assert space is not None
        for number in range(20):
            dynamodb.put_item(TableName=name, Item={"id": {"S": str(number)}})
            cloudflare.d1.database.query(database.uuid, account_id=ACCOUNT, sql="INSERT INTO t VALUES (1)")
        cloudflare.kv.namespaces.values.update("key", account_id=ACCOUNT, namespace_id=space.id, value=b"value")

    end(sandbox)
    sandbox.open()

    assert dynamodb.scan(TableName=name)["Count"] == 20
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "a secret that stays"
    with cloudflare_client(sandbox) as cloudflare:
        answer = cloudflare.d1.database.query(database.uuid, account_id=ACCOUNT, sql="SELECT count(*) AS n FROM t")
        assert [row.results for row in answer] == [[{"n": 20}]]
        value = cloudflare.kv.namespaces.values.get("key", account_id=ACCOUNT, namespace_id=space.id)
        assert value.read() == b"value"
