"""Single items: what comes back, what is refused, and conditions under many writers."""

import http.client
import json
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.localcloud.aws.dynamodb.conftest import Cloud

KEY = {"pk": {"S": "a"}}


@pytest.fixture(scope="module")
def table(cloud: Cloud) -> str:
    return cloud.table()


def test_what_writes_return(cloud: Cloud, table: str) -> None:
    client, key = cloud.client, {"pk": {"S": "returns"}}
    old, new = {**key, "a": {"N": "1"}, "b": {"S": "x"}}, {**key, "a": {"N": "2"}}
    assert "Attributes" not in client.put_item(TableName=table, Item=old, ReturnValues="ALL_OLD")
    assert client.put_item(TableName=table, Item=new, ReturnValues="ALL_OLD")["Attributes"] == old
    assert cloud.error("put_item", TableName=table, Item=new, ReturnValues="ALL_NEW")[1] == (
        "ReturnValues can only be ALL_OLD or NONE"
    )
    change = {
        "TableName": table,
        "Key": key,
        "UpdateExpression": "SET a = a + :one, m.#x = :one",
        "ExpressionAttributeNames": {"#x": "x"},
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    m = {"M": {"x": {"N": "0"}, "y": {"N": "0"}}}
    client.put_item(TableName=table, Item={**new, "m": m})
    seen = [
        client.update_item(**change, ReturnValues=wanted).get("Attributes")
        for wanted in ("NONE", "UPDATED_OLD", "UPDATED_NEW", "ALL_OLD", "ALL_NEW")
    ]
    one, whole = {"M": {"x": {"N": "1"}}}, {"M": {"x": {"N": "1"}, "y": {"N": "0"}}}
    assert seen == [
        None,
        {"a": {"N": "3"}, "m": one},
        {"a": {"N": "5"}, "m": one},
        {**key, "a": {"N": "5"}, "m": whole},
        {**key, "a": {"N": "7"}, "m": whole},
    ]
    assert client.delete_item(TableName=table, Key=key, ReturnValues="ALL_OLD")["Attributes"] == seen[-1]
    assert "Attributes" not in client.delete_item(TableName=table, Key=key, ReturnValues="ALL_OLD")
    assert "Item" not in client.get_item(TableName=table, Key=key)


def test_a_failed_condition_shows_the_item_where_asked(cloud: Cloud, table: str) -> None:
    item = {"pk": {"S": "condition"}, "v": {"N": "1"}}
    cloud.client.put_item(TableName=table, Item=item)
    write = {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
    assert cloud.error("put_item", **write) == ("ConditionalCheckFailedException", "The conditional request failed")
    with pytest.raises(cloud.client.exceptions.ConditionalCheckFailedException) as caught:
        cloud.client.put_item(**write, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert caught.value.response["Item"] == item
    assert cloud.client.get_item(TableName=table, Key={"pk": item["pk"]})["Item"] == item


@pytest.mark.parametrize(
    ("operation", "given_", "message"),
    [
        ("put_item", {"Item": {"x": {"S": "a"}}}, "Missing the key pk in the item"),
        ("put_item", {"Item": {"pk": {"N": "1"}}}, "Type mismatch for key pk expected: S actual: N"),
        ("put_item", {"Item": {"pk": {"S": ""}}}, "cannot contain an empty string value. Key: pk"),
        ("put_item", {"Item": {"pk": {"S": "x" * 2049}}}, "Size of hashkey has exceeded"),
        ("get_item", {"Key": {"pk": {"S": "é" * 1025}}}, "Size of hashkey has exceeded"),
        ("get_item", {"Key": {"pk": {"N": "1"}}}, "The provided key element does not match the schema"),
        ("get_item", {"Key": {**KEY, "sk": {"N": "1"}}}, "The provided key element does not match the schema"),
        ("put_item", {"Item": {**KEY, "x": {"S": "x" * 409_600}}}, "Item size has exceeded the maximum allowed size"),
        ("put_item", {"Item": {**KEY, "x": {"SS": []}}}, "set  may not be empty"),
        ("put_item", {"Item": {**KEY, "x": {"SS": ["a", "a"]}}}, "contains duplicates"),
        ("put_item", {"Item": {**KEY, "x": {"NS": ["1", "1.0"]}}}, "contains duplicates"),
        ("put_item", {"Item": {**KEY, "x": {"NULL": False}}}, "Null attribute value types must have the value of true"),
        ("put_item", {"Item": {**KEY, "x": {"N": "1e126"}}}, "Number overflow"),
        ("put_item", {"Item": {**KEY, "x": {"N": "1e-131"}}}, "Number underflow"),
        ("put_item", {"Item": {**KEY, "x": {"N": "1" * 39}}}, "more than 38 significant digits"),
        ("put_item", {"Item": {**KEY, "x": {"N": "1_000"}}}, "cannot be converted to a numeric value"),
        ("update_item", {"Key": KEY, "UpdateExpression": "REMOVE pk"}, "This attribute is part of the key"),
        ("get_item", {"Key": KEY, "ExpressionAttributeNames": {"#a": "a"}}, "only be specified when using expressions"),
        ("get_item", {"Key": KEY, "ProjectionExpression": "pk.x"}, "Key attributes must be scalars"),
    ],
)
def test_what_dynamodb_refuses(cloud: Cloud, table: str, operation: str, given_: dict[str, Any], message: str) -> None:
    code, found = cloud.error(operation, TableName=table, **given_)
    assert code == "ValidationException"
    assert message in found


def test_the_largest_key_and_item_are_taken(cloud: Cloud, table: str) -> None:
    key = {"pk": {"S": "x" * 2048}}
    cloud.client.put_item(TableName=table, Item={**key, "v": {"S": "y" * (409_600 - 2 - 2048 - 1)}})
    found = cloud.client.get_item(TableName=table, Key=key, ReturnConsumedCapacity="TOTAL")
    assert found["ConsumedCapacity"]["CapacityUnits"] == 50.0
    grown = {"UpdateExpression": "SET w = :w", "ExpressionAttributeValues": {":w": {"S": "z"}}}
    assert "Item size to update has exceeded" in cloud.error("update_item", TableName=table, Key=key, **grown)[1]
    written = cloud.client.delete_item(TableName=table, Key=key, ReturnConsumedCapacity="INDEXES")
    assert written["ConsumedCapacity"] == {
        "TableName": table,
        "CapacityUnits": 400.0,
        "Table": {"CapacityUnits": 400.0},
    }


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"S": 1}, "SerializationException"),
        ({"B": "a"}, "SerializationException"),
        ({"L": {}}, "SerializationException"),
        ("x", "SerializationException"),
        ({}, "ValidationException"),
        ({"S": "a", "N": "1"}, "ValidationException"),
        ({"Q": "a"}, "ValidationException"),
        ({"S": "\ud800"}, "SerializationException"),
    ],
)
def test_bytes_that_no_sdk_sends(cloud: Cloud, table: str, value: Any, code: str) -> None:
    status, body = _raw(cloud.port, "PutItem", {"TableName": table, "Item": {**KEY, "x": value}})
    assert (status, body["__type"]) == (400, code)


def test_nesting_has_a_limit(cloud: Cloud, table: str) -> None:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(31):
        value = {"L": [value]}
    cloud.client.put_item(TableName=table, Item={**KEY, "x": value})
    assert "Nesting Levels" in cloud.error("put_item", TableName=table, Item={**KEY, "x": {"L": [value]}})[1]


SCALARS = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(lambda text: {"S": text})
    | st.integers(-(10**37), 10**37).map(lambda number: {"N": str(number)})
    | st.binary(max_size=20).map(lambda data: {"B": data})
    | st.booleans().map(lambda value: {"BOOL": value})
    | st.just({"NULL": True})
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: {"L": items})
        | st.dictionaries(st.text("abé.#", min_size=1, max_size=5), inner, max_size=3).map(lambda items: {"M": items})
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text("xyzé .", min_size=1, max_size=8), VALUES, max_size=5))
@settings(deadline=None, max_examples=60)
def test_items_come_back_as_they_were(cloud: Cloud, table: str, attributes: dict[str, Any]) -> None:
    item = {**attributes, "pk": {"S": "roundtrip"}}
    cloud.client.put_item(TableName=table, Item=item)
    assert cloud.client.get_item(TableName=table, Key={"pk": item["pk"]})["Item"] == item


def test_fifty_writers_lose_no_increment(cloud: Cloud, table: str) -> None:
    """Each reads, adds one, and writes on condition that nobody else has; beside them, as many unconditional ADDs."""
    key, writers, rounds = {"pk": {"S": "counter"}}, 50, 2
    cloud.client.put_item(TableName=table, Item={**key, "n": {"N": "0"}, "added": {"N": "0"}})
    failures: list[str] = []

    def increment(connection: http.client.HTTPConnection) -> None:
        while True:
            now = _send(connection, "GetItem", {"TableName": table, "Key": key, "ConsistentRead": True})[1]["Item"]["n"]
            write = {
                "TableName": table,
                "Key": key,
                "UpdateExpression": "SET n = :new",
                "ConditionExpression": "n = :old",
                "ExpressionAttributeValues": {":old": now, ":new": {"N": str(int(now["N"]) + 1)}},
            }
            status, body = _send(connection, "UpdateItem", write)
            if status == 200:
                return
            if body["__type"] != "ConditionalCheckFailedException":
                failures.append(str(body))
                return

    def run() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", cloud.port)
        add = {"UpdateExpression": "ADD added :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
        for _ in range(rounds):
            increment(connection)
            _send(connection, "UpdateItem", {"TableName": table, "Key": key, **add})
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    found = cloud.client.get_item(TableName=table, Key=key)["Item"]
    assert (found["n"]["N"], found["added"]["N"]) == (str(writers * rounds), str(writers * rounds))


def test_a_condition_on_an_absent_item(cloud: Cloud, table: str) -> None:
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        cloud.client.update_item(
            TableName=table,
            Key={"pk": {"S": "nobody"}},
            UpdateExpression="SET a = :a",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":a": {"N": "1"}},
        )
    made = cloud.client.update_item(TableName=table, Key={"pk": {"S": "nobody"}}, ReturnValues="ALL_NEW")
    assert made["Attributes"] == {"pk": {"S": "nobody"}}, "an update makes what is not there"


def _raw(port: int, operation: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        return _send(connection, operation, params)
    finally:
        connection.close()


def _send(connection: http.client.HTTPConnection, operation: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    connection.request("POST", "/", json.dumps(params), {"x-amz-target": f"DynamoDB_20120810.{operation}"})
    response = connection.getresponse()
    return response.status, json.loads(response.read())
