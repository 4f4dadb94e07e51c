"""Tables as boto3 sees them: their life, their settings, and what is refused."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.localcloud.aws.dynamodb.conftest import PAIR_KEY, STRING_KEY, Cloud, serving

S = [{"AttributeName": "pk", "AttributeType": "S"}]


def test_a_table_s_life(cloud: Cloud) -> None:
    client, name = cloud.client, "life-of.a_table"
    made = client.create_table(
        TableName=name,
        KeySchema=PAIR_KEY,
        AttributeDefinitions=[*S, {"AttributeName": "sk", "AttributeType": "N"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": "a", "Value": "b"}],
    )["TableDescription"]
    assert made["TableStatus"] == "CREATING"
    assert made["TableArn"] == f"arn:aws:dynamodb:us-east-1:123456789012:table/{name}"
    key = {"pk": {"S": "x"}, "sk": {"N": "1"}}
    assert cloud.error("get_item", TableName=name, Key=key)[0] == "ResourceNotFoundException", "not before it is ACTIVE"
    assert cloud.error("delete_table", TableName=name)[0] == "ResourceInUseException"
    cloud.wait_for(name)
    described = client.describe_table(TableName=name)["Table"]
    assert described["KeySchema"] == PAIR_KEY
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert described["CreationDateTime"] == made["CreationDateTime"]
    again = {"TableName": name, "KeySchema": STRING_KEY, "AttributeDefinitions": S, "BillingMode": "PAY_PER_REQUEST"}
    assert cloud.error("create_table", **again) == ("ResourceInUseException", f"Table already exists: {name}")
    client.put_item(TableName=made["TableArn"], Item=key)
    assert client.get_item(TableName=name, Key=key)["Item"] == key, "an ARN names a table as well"

    assert client.delete_table(TableName=name)["TableDescription"]["TableStatus"] == "DELETING"
    assert cloud.error("get_item", TableName=name, Key=key)[0] == "ResourceNotFoundException"
    client.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    code, message = cloud.error("describe_table", TableName=name)
    assert (code, message) == (
        "ResourceNotFoundException",
        f"Requested resource not found: Table: {name} not found",
    )
    client.create_table(**again)
    cloud.wait_for(name)
    assert client.scan(TableName=name)["Count"] == 0, "a namesake starts empty"


@pytest.mark.parametrize("name", ["ab", "a" * 256, "with space", "with/slash"])
def test_names_have_rules(cloud: Cloud, name: str) -> None:
    params = {"KeySchema": STRING_KEY, "AttributeDefinitions": S, "BillingMode": "PAY_PER_REQUEST"}
    assert cloud.error("create_table", TableName=name, **params)[0] == "ValidationException"
    assert cloud.error("get_item", TableName=name, Key={"pk": {"S": "a"}})[0] == "ValidationException"


N = [{"AttributeName": "sk", "AttributeType": "N"}]
RANGE = [{"AttributeName": "pk", "KeyType": "RANGE"}]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"BillingMode": "PROVISIONED"}, "must both be specified when BillingMode is PROVISIONED"),
        ({"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}, "Neither ReadCapacityUnits"),
        ({"KeySchema": PAIR_KEY}, "Some index key attribute have no definition"),
        ({"AttributeDefinitions": [*S, *N]}, "Number of attributes in KeySchema does not exactly match"),
        ({"AttributeDefinitions": N}, "Keys: [pk], AttributeDefinitions: [sk]"),
        ({"KeySchema": RANGE}, "The first KeySchemaElement is not a HASH key type"),
        ({"KeySchema": [*STRING_KEY, *RANGE], "AttributeDefinitions": [*S, *N]}, "have the same name"),
        ({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}, "Duplicate tag key"),
    ],
)
def test_what_cannot_be_a_table_is_refused(cloud: Cloud, changes: dict[str, Any], message: str) -> None:
    params = {"KeySchema": STRING_KEY, "AttributeDefinitions": S, "BillingMode": "PAY_PER_REQUEST", **changes}
    code, found = cloud.error("create_table", TableName="refused", **params)
    assert code == "ValidationException"
    assert message in found


def test_what_is_not_served_is_refused_by_name(cloud: Cloud) -> None:
    params = {"TableName": "more", "KeySchema": STRING_KEY, "AttributeDefinitions": S, "BillingMode": "PAY_PER_REQUEST"}
    index = [{"IndexName": "one", "KeySchema": STRING_KEY, "Projection": {"ProjectionType": "ALL"}}]
    assert "GlobalSecondaryIndexes" in cloud.error("create_table", **params, GlobalSecondaryIndexes=index)[1]
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert "StreamSpecification" in cloud.error("create_table", **params, StreamSpecification=stream)[1]
    code, message = cloud.error("describe_endpoints")
    assert code == "UnsupportedOperation"
    assert "DescribeEndpoints" in message
    name = cloud.table()
    legacy = {"a": {"Exists": False}}
    message = cloud.error("put_item", TableName=name, Item={"pk": {"S": "a"}}, Expected=legacy)[1]
    assert "Expected" in message
    assert "ConditionExpression" in message


def test_settings_change_in_place(cloud: Cloud) -> None:
    client, name = cloud.client, cloud.table(DeletionProtectionEnabled=True)
    code, message = cloud.error("delete_table", TableName=name)
    assert code == "ValidationException"
    assert "protected against deletion" in message
    units = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}
    changed = client.update_table(
        TableName=name, DeletionProtectionEnabled=False, BillingMode="PROVISIONED", ProvisionedThroughput=units
    )["TableDescription"]
    assert changed["TableStatus"] == "UPDATING"
    client.put_item(TableName=name, Item={"pk": {"S": "served meanwhile"}})
    assert cloud.error("delete_table", TableName=name)[0] == "ResourceInUseException"
    cloud.wait_for(name)
    described = client.describe_table(TableName=name)["Table"]
    assert described["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert described["ProvisionedThroughput"].items() >= units.items()
    assert "will not change" in cloud.error("update_table", TableName=name, ProvisionedThroughput=units)[1]
    assert "At least one of" in cloud.error("update_table", TableName=name)[1]
    client.update_table(TableName=name, SSESpecification={"Enabled": True})
    cloud.wait_for(name)
    encryption = client.describe_table(TableName=name)["Table"]["SSEDescription"]
    assert (encryption["Status"], encryption["SSEType"]) == ("ENABLED", "KMS")
    client.delete_table(TableName=name)


def test_time_to_live_and_recovery_are_described(cloud: Cloud) -> None:
    client, name = cloud.client, cloud.table()
    assert client.describe_time_to_live(TableName=name)["TimeToLiveDescription"] == {"TimeToLiveStatus": "DISABLED"}

    def spec(attribute: str, *, enabled: bool) -> dict[str, Any]:
        wanted = {"AttributeName": attribute, "Enabled": enabled}
        return {"TableName": name, "TimeToLiveSpecification": wanted}

    assert "already disabled" in cloud.error("update_time_to_live", **spec("end", enabled=False))[1]
    client.update_time_to_live(**spec("end", enabled=True))
    assert client.describe_time_to_live(TableName=name)["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "end",
    }
    assert "already enabled" in cloud.error("update_time_to_live", **spec("end", enabled=True))[1]
    assert "current AttributeName is end" in cloud.error("update_time_to_live", **spec("other", enabled=True))[1]
    client.update_time_to_live(**spec("end", enabled=False))

    wanted = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7}
    client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=wanted)
    found = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = found["PointInTimeRecoveryDescription"]
    assert (recovery["PointInTimeRecoveryStatus"], recovery["RecoveryPeriodInDays"]) == ("ENABLED", 7)


def test_tags_and_lists_come_in_pages(cloud: Cloud) -> None:
    client, name = cloud.client, cloud.table()
    arn = client.describe_table(TableName=name)["Table"]["TableArn"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": f"k{i:02}", "Value": str(i)} for i in range(12)])
    client.untag_resource(ResourceArn=arn, TagKeys=["k00"])
    pages = list(client.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn))
    assert len(pages) == 2
    assert [tag["Key"] for page in pages for tag in page["Tags"]] == [f"k{i:02}" for i in range(1, 12)]
    assert cloud.error("list_tags_of_resource", ResourceArn=arn + "x")[0] == "ResourceNotFoundException"
    cloud.table()
    pages = list(client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 1}))
    names = [found for page in pages for found in page["TableNames"]]
    assert names == sorted(set(names))
    assert name in names


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    first = serving(tmp_path)
    cloud = next(first)
    name = cloud.table(sort="N", Tags=[{"Key": "a", "Value": "b"}])
    spec = {"AttributeName": "end", "Enabled": True}
    cloud.client.update_time_to_live(TableName=name, TimeToLiveSpecification=spec)
    item = {"pk": {"S": "é"}, "sk": {"N": "-1.5"}, "b": {"B": b"\x00\xff"}, "l": {"L": [{"NULL": True}]}}
    cloud.client.put_item(TableName=name, Item=item)
    before = cloud.client.describe_table(TableName=name)["Table"]
    next(first, None)

    second = serving(tmp_path)
    cloud = next(second)
    after = cloud.client.describe_table(TableName=name)["Table"]
    assert {**before, "ItemCount": 0, "TableSizeBytes": 0} == {**after, "ItemCount": 0, "TableSizeBytes": 0}
    assert cloud.client.get_item(TableName=name, Key={"pk": {"S": "é"}, "sk": {"N": "-1.50"}})["Item"] == item
    assert cloud.client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["AttributeName"] == "end"
    assert cloud.client.list_tags_of_resource(ResourceArn=after["TableArn"])["Tags"] == [{"Key": "a", "Value": "b"}]
    next(second, None)


def test_counts_lag_but_come(cloud: Cloud) -> None:
    name = cloud.table()
    for index in range(3):
        cloud.client.put_item(TableName=name, Item={"pk": {"S": str(index)}, "v": {"S": "x" * 10}})
    deadline = time.monotonic() + 10
    while cloud.client.describe_table(TableName=name)["Table"]["ItemCount"] != 3:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert cloud.client.describe_table(TableName=name)["Table"]["TableSizeBytes"] == 3 * (2 + 1 + 1 + 10)
