"""The stand-in's DynamoDB table: message by message against the local service, and once with the real engine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from localcloud.providers.aws.client import MARK
from localcloud.providers.aws.package import AWS
from localcloud.providers.aws.table import Table
from localcloud.providers.protocol import wire
from localcloud.providers.protocol.checking import check
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.messages import pack, unpack
from localcloud.providers.protocol.servicer import Provider
from localcloud.providers.protocol.values import UNKNOWN
from tests.localcloud.aws.dynamodb.conftest import Cloud, serving
from tests.localcloud.providers.conftest import PROGRAM, Stack, find_pulumi

messages = wire.provider
URN = "urn:pulumi:dev::shop::aws:dynamodb/table:Table::state"
INPUTS: dict[str, Any] = {
    "attributes": [{"name": "key", "type": "S"}, {"name": "collection", "type": "S"}],
    "billingMode": "PAY_PER_REQUEST",
    "hashKey": "collection",
    "rangeKey": "key",
    "ttl": {"attributeName": "expires_at", "enabled": True},
    "pointInTimeRecovery": {"enabled": True},
    "serverSideEncryption": {"enabled": True},
    "tags": {"a": "b"},
}
SOURCE = """
import json
import os

import pulumi
import pulumi_aws as aws

inputs = json.loads(os.environ["FEATURES"])
table = aws.dynamodb.Table("state", **inputs)
pulumi.export("name", table.name)
pulumi.export("arn", table.arn)
"""


class Refused(Exception):  # noqa: N818 (what the engine would see)
    """The handler answered with an error."""


class Context:
    """Of gRPC's context, what handlers use."""

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise Refused(details)

    def abort_with_status(self, status: Any) -> None:
        raise Refused(status.details)


class Engine:
    """Calls the provider as the engine does."""

    def __init__(self, port: int) -> None:
        self.provider = Provider(AWS)
        endpoint = {"dynamodb": f"http://127.0.0.1:{port}"}
        config = {"region": "us-east-1", "accessKey": "a", "secretKey": "b", "endpoints": json.dumps([endpoint])}
        self.send("Configure", messages.ConfigureRequest(args=pack(config)))

    def send(self, method: str, request: Any) -> Any:
        return getattr(self.provider, method)(request, Context())

    def check(self, news: dict[str, Any], olds: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.send("Check", messages.CheckRequest(urn=URN, news=pack(news), olds=pack(olds or {})))
        assert not answer.failures, answer.failures
        return unpack(answer.inputs)

    def create(self, inputs: dict[str, Any], *, preview: bool = False) -> tuple[str, dict[str, Any]]:
        answer = self.send("Create", messages.CreateRequest(urn=URN, properties=pack(inputs), preview=preview))
        return answer.id, unpack(answer.properties)

    def diff(self, key: str, olds: dict[str, Any], news: dict[str, Any]) -> tuple[list[str], list[str]]:
        request = messages.DiffRequest(id=key, urn=URN, old_inputs=pack(olds), olds=pack(olds), news=pack(news))
        answer = self.send("Diff", request)
        return sorted(answer.diffs), sorted(answer.replaces)

    def update(self, key: str, olds: dict[str, Any], outs: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        request = messages.UpdateRequest(id=key, urn=URN, old_inputs=pack(olds), olds=pack(outs), news=pack(news))
        return unpack(self.send("Update", request).properties)

    def read(self, key: str, inputs: dict[str, Any], outs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        request = messages.ReadRequest(id=key, urn=URN, inputs=pack(inputs), properties=pack(outs))
        answer = self.send("Read", request)
        return answer.id, unpack(answer.inputs)

    def delete(self, key: str, outs: dict[str, Any]) -> None:
        self.send("Delete", messages.DeleteRequest(id=key, urn=URN, properties=pack(outs)))


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    yield from serving(tmp_path / "cloud")


@pytest.fixture
def engine(cloud: Cloud) -> Engine:
    return Engine(cloud.port)


def test_a_table_s_whole_life(engine: Engine, cloud: Cloud) -> None:
    inputs = engine.check(INPUTS)
    name = inputs["name"]
    assert name.startswith("state-")
    key, foreseen = engine.create(inputs, preview=True)
    assert (key, foreseen["arn"], foreseen["tagsAll"]) == ("", UNKNOWN, {"a": "b"})
    assert cloud.client.list_tables()["TableNames"] == [], "a preview does nothing"

    key, outs = engine.create(inputs)
    assert key == name
    assert outs["arn"] == f"arn:aws:dynamodb:us-east-1:123456789012:table/{name}"
    assert outs["tagsAll"] == {"a": "b"}
    assert cloud.client.describe_table(TableName=name)["Table"]["TableStatus"] == "ACTIVE"
    assert ttl(cloud, name) == "expires_at"
    assert recovery(cloud, name)["PointInTimeRecoveryStatus"] == "ENABLED"
    assert engine.read(key, inputs, outs) == (key, inputs), "no drift"

    reordered = {**INPUTS, "attributes": INPUTS["attributes"][::-1]}
    assert engine.diff(key, inputs, engine.check(reordered, inputs)) == ([], [])

    news = engine.check(
        {
            **INPUTS,
            "billingMode": "PROVISIONED",
            "readCapacity": 2,
            "writeCapacity": 3,
            "deletionProtectionEnabled": True,
            "pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 3},
            "serverSideEncryption": {"enabled": False},
            "tableClass": "STANDARD_INFREQUENT_ACCESS",
            "tags": {"c": "d"},
            "ttl": {"attributeName": "other", "enabled": True},
        },
        inputs,
    )
    diffs, replaces = engine.diff(key, inputs, news)
    assert {"billingMode", "ttl", "tags", "tableClass", "deletionProtectionEnabled"} <= set(diffs)
    assert replaces == [], "all in place"
    changed = engine.update(key, inputs, outs, news)
    assert changed["arn"] == outs["arn"]
    table = cloud.client.describe_table(TableName=name)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 3
    assert table["DeletionProtectionEnabled"]
    assert table["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert "SSEDescription" not in table
    assert ttl(cloud, name) == "other"
    assert recovery(cloud, name)["RecoveryPeriodInDays"] == 3
    tags = {tag["Key"]: tag["Value"] for tag in cloud.client.list_tags_of_resource(ResourceArn=outs["arn"])["Tags"]}
    assert {name: value for name, value in tags.items() if name != MARK} == {"c": "d"}
    assert engine.read(key, news, changed) == (key, news)

    with pytest.raises(Refused, match="protected against deletion"):
        engine.delete(key, changed)
    last = engine.check({**INPUTS, "ttl": {"enabled": False}}, news)
    changed = engine.update(key, news, changed, last)
    assert ttl(cloud, name) is None
    assert not cloud.client.describe_table(TableName=name)["Table"]["DeletionProtectionEnabled"]
    assert engine.read(key, last, changed) == (key, last)
    engine.delete(key, changed)
    engine.delete(key, changed)
    assert engine.read(key, last, changed)[0] == "", "gone"
    assert cloud.client.list_tables()["TableNames"] == []


@pytest.mark.parametrize(
    ("changes", "replaces"),
    [
        ({"name": "another"}, ["name"]),
        ({"hashKey": "key", "rangeKey": "collection"}, ["hashKey", "rangeKey"]),
        ({"rangeKey": None, "attributes": [{"name": "collection", "type": "S"}]}, ["attributes", "rangeKey"]),
        ({"attributes": [{"name": "key", "type": "N"}, {"name": "collection", "type": "S"}]}, ["attributes"]),
    ],
)
def test_keys_are_for_life(engine: Engine, changes: dict[str, Any], replaces: list[str]) -> None:
    inputs = engine.check(INPUTS)
    news = engine.check({name: value for name, value in {**INPUTS, **changes}.items() if value is not None}, inputs)
    assert engine.diff("state", inputs, news)[1] == replaces


def test_drift_and_import(engine: Engine, cloud: Cloud) -> None:
    inputs = engine.check(INPUTS)
    key, outs = engine.create(inputs)
    off = {"PointInTimeRecoveryEnabled": False}
    cloud.client.update_continuous_backups(TableName=key, PointInTimeRecoverySpecification=off)
    spec = {"AttributeName": "expires_at", "Enabled": False}
    cloud.client.update_time_to_live(TableName=key, TimeToLiveSpecification=spec)
    _, found = engine.read(key, inputs, outs)
    assert found["pointInTimeRecovery"] == {"enabled": False}
    assert found["ttl"] == {"attributeName": "expires_at", "enabled": False}
    engine.update(key, found, outs, inputs)
    assert ttl(cloud, key) == "expires_at"

    name = cloud.table(sort="N")
    key, found = engine.read(name, {}, {})
    assert key == name
    assert engine.check(found)["hashKey"] == "pk"
    assert found["rangeKey"] == "sk"
    assert found["billingMode"] == "PAY_PER_REQUEST"
    assert {attribute["name"]: attribute["type"] for attribute in found["attributes"]} == {"pk": "S", "sk": "N"}
    assert found.keys() <= {"attributes", "billingMode", "hashKey", "name", "rangeKey"}


def test_a_killed_create_is_made_good(engine: Engine, cloud: Cloud) -> None:
    inputs = {**engine.check(INPUTS), "deletionProtectionEnabled": True}
    key, _ = engine.create(inputs)
    cloud.client.put_item(TableName=key, Item={"collection": {"S": "a"}, "key": {"S": "b"}})
    again, outs = engine.create(inputs)
    assert again == key
    assert cloud.client.scan(TableName=key)["Count"] == 0, "made anew"
    assert ttl(cloud, key) == "expires_at"
    assert engine.read(key, inputs, outs)[1] == inputs

    cloud.client.update_table(TableName=key, DeletionProtectionEnabled=False)
    cloud.wait_for(key)
    cloud.client.delete_table(TableName=key)
    assert engine.create(inputs)[0] == key, "one that is on its way out is awaited"


def test_somebody_elses_table_is_not_taken(engine: Engine, cloud: Cloud) -> None:
    name = cloud.table()
    cloud.client.put_item(TableName=name, Item={"pk": {"S": "theirs"}})
    with pytest.raises(Refused, match=f"ResourceInUseException: Table already exists: {name}"):
        engine.create({**engine.check(INPUTS), "name": name})
    assert cloud.client.scan(TableName=name)["Count"] == 1


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({"hashKey": None}, "hashKey", "required"),
        ({"attributes": [{"name": "collection", "type": "S"}]}, "attributes", "collection, key, and are collection"),
        ({"attributes": [{"name": "collection", "type": "X"}]}, "attributes[0].type", "must be one of S, N, B"),
        ({"billingMode": "PROVISIONED", "readCapacity": 1}, "writeCapacity", "required with the billing mode"),
        ({"readCapacity": 1}, "readCapacity", "PROVISIONED only"),
        ({"ttl": {"enabled": True}}, "ttl.attributeName", "required"),
        ({"globalSecondaryIndexes": []}, "globalSecondaryIndexes", "no such property"),
        ({"streamEnabled": True}, "streamEnabled", "no such property"),
    ],
)
def test_wrong_inputs_are_refused_by_name(changes: dict[str, Any], path: str, reason: str) -> None:
    inputs = {name: value for name, value in {**INPUTS, **changes}.items() if value is not None}
    _, failures = check(Table(), inputs, {}, Identity(URN), None)
    assert [failure.path for failure in failures] == [path]
    assert reason in failures[0].reason


def test_unknown_inputs_pass() -> None:
    unknown = {**INPUTS, "hashKey": UNKNOWN, "attributes": [{"name": UNKNOWN, "type": "S"}], "ttl": UNKNOWN}
    assert check(Table(), unknown, {}, Identity(URN), None)[1] == []


def test_the_real_engine(tmp_path: Path, cloud: Cloud, engine_environment: dict[str, str]) -> None:
    folder = tmp_path / "program"
    shutil.copytree(PROGRAM, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "__main__.py").write_text(SOURCE)
    stack = Stack(folder, engine_environment, find_pulumi() or "")
    stack.run("stack", "init", "test")
    config = {"aws:region": "us-east-1", "aws:endpoints": [{"dynamodb": f"http://127.0.0.1:{cloud.port}"}]}
    with (folder / "Pulumi.test.yaml").open("a") as file:
        file.write(f"config: {json.dumps(config)}\n")
    inputs: dict[str, Any] = {
        "attributes": [{"name": "pk", "type": "S"}],
        "hash_key": "pk",
        "billing_mode": "PAY_PER_REQUEST",
        "ttl": {"attribute_name": "end", "enabled": True},
        "point_in_time_recovery": {"enabled": True},
    }
    stack.up(json.dumps(inputs))
    name = stack.outputs()["name"]
    assert ttl(cloud, name) == "end"
    assert "unchanged" in stack.preview(json.dumps(inputs))
    cloud.client.put_item(TableName=name, Item={"pk": {"S": "kept"}})
    stack.up(json.dumps({**inputs, "tags": {"a": "b"}, "ttl": {"attribute_name": "other", "enabled": True}}))
    assert ttl(cloud, name) == "other"
    assert cloud.client.scan(TableName=name)["Count"] == 1, "changed in place"
    off = {"AttributeName": "other", "Enabled": False}
    cloud.client.update_time_to_live(TableName=name, TimeToLiveSpecification=off)
    assert "1 updated" in stack.run("refresh", "--yes", features=json.dumps(inputs))
    renamed = {**inputs, "attributes": [{"name": "id", "type": "S"}], "hash_key": "id"}
    stack.up(json.dumps(renamed))
    assert stack.outputs()["name"] != name
    assert cloud.client.list_tables()["TableNames"] == [stack.outputs()["name"]]
    stack.run("destroy", "--yes", features=json.dumps(renamed))
    assert cloud.client.list_tables()["TableNames"] == []


def ttl(cloud: Cloud, name: str) -> str | None:
    found = cloud.client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return str(found["AttributeName"]) if found["TimeToLiveStatus"] == "ENABLED" else None


def recovery(cloud: Cloud, name: str) -> dict[str, Any]:
    found = cloud.client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    described: dict[str, Any] = found["PointInTimeRecoveryDescription"]
    return described
