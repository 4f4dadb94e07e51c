"""Many items at once, without any promise about them together."""

from typing import Any

import pytest

from tests.localcloud.aws.dynamodb.conftest import Cloud


def key(name: str) -> dict[str, Any]:
    return {"pk": {"S": name}}


@pytest.fixture(scope="module")
def table(cloud: Cloud) -> str:
    return cloud.table()


def test_batches_write_and_read_several_tables(cloud: Cloud, table: str) -> None:
    other = cloud.table()
    cloud.client.put_item(TableName=other, Item=key("old"))
    written = cloud.client.batch_write_item(
        RequestItems={
            table: [{"PutRequest": {"Item": {**key("a"), "v": {"N": "1.0"}}}}],
            other: [{"PutRequest": {"Item": key("b")}}, {"DeleteRequest": {"Key": key("old")}}],
        },
        ReturnConsumedCapacity="TOTAL",
    )
    assert written["UnprocessedItems"] == {}
    assert {found["TableName"]: found["CapacityUnits"] for found in written["ConsumedCapacity"]} == {
        table: 1.0,
        other: 2.0,
    }
    read = cloud.client.batch_get_item(
        RequestItems={
            table: {"Keys": [key("a"), key("none")], "ProjectionExpression": "v"},
            other: {"Keys": [key("b"), key("old")]},
        }
    )
    assert read["Responses"] == {table: [{"v": {"N": "1"}}], other: [key("b")]}
    assert read["UnprocessedKeys"] == {}


def test_what_batches_refuse(cloud: Cloud, table: str) -> None:
    put = {"PutRequest": {"Item": key("a")}}
    twice = [put, {"DeleteRequest": {"Key": key("a")}}]
    assert "contains duplicates" in cloud.error("batch_write_item", RequestItems={table: twice})[1]
    assert (
        "contains duplicates" in cloud.error("batch_get_item", RequestItems={table: {"Keys": [key("a"), key("a")]}})[1]
    )
    many = [{"PutRequest": {"Item": key(str(number))}} for number in range(26)]
    assert cloud.error("batch_write_item", RequestItems={table: many})[0] == "ValidationException"
    keys = [key(str(number)) for number in range(101)]
    assert cloud.error("batch_get_item", RequestItems={table: {"Keys": keys}})[0] == "ValidationException"
    assert cloud.error("batch_write_item", RequestItems={"nowhere": [put]})[0] == "ResourceNotFoundException"
    assert "more than one datatypes" in cloud.error("batch_write_item", RequestItems={table: [{}]})[1]
    half = [{"PutRequest": {"Item": key("half")}}, {"PutRequest": {"Item": {"x": {"N": "1"}}}}]
    assert "Missing the key" in cloud.error("batch_write_item", RequestItems={table: half})[1]
    assert "Item" not in cloud.client.get_item(TableName=table, Key=key("half")), "bad requests are found before all"


def test_too_much_to_read_at_once_is_left_over(cloud: Cloud) -> None:
    name = cloud.table()
    for number in range(45):
        cloud.client.put_item(TableName=name, Item={**key(str(number)), "v": {"S": "x" * 400_000}})
    wanted = {"Keys": [key(str(number)) for number in range(45)], "ConsistentRead": True}
    seen: list[str] = []
    rounds = 0
    while wanted:
        answer = cloud.client.batch_get_item(RequestItems={name: wanted})
        seen += [item["pk"]["S"] for item in answer["Responses"][name]]
        wanted = answer["UnprocessedKeys"].get(name, {})
        rounds += 1
    assert rounds == 2
    assert seen == [str(number) for number in range(45)]
