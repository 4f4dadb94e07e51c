"""All or nothing."""

from typing import Any

import pytest

from tests.localcloud.aws.dynamodb.conftest import Cloud


def key(name: str) -> dict[str, Any]:
    return {"pk": {"S": name}}


@pytest.fixture(scope="module")
def table(cloud: Cloud) -> str:
    return cloud.table()


def cancelled(cloud: Cloud, items: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    with pytest.raises(cloud.client.exceptions.TransactionCanceledException) as caught:
        cloud.client.transact_write_items(TransactItems=items)
    return caught.value.response["Error"]["Message"], caught.value.response["CancellationReasons"]


def test_all_four_kinds_at_once(cloud: Cloud, table: str) -> None:
    for name in ("check", "gone", "counter"):
        cloud.client.put_item(TableName=table, Item={**key(name), "n": {"N": "1"}})
    add = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    done = cloud.client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": table, "Item": key("put")}},
            {"Update": {"TableName": table, "Key": key("counter"), **add}},
            {"Delete": {"TableName": table, "Key": key("gone")}},
            {"ConditionCheck": {"TableName": table, "Key": key("check"), "ConditionExpression": "attribute_exists(n)"}},
        ],
        ReturnConsumedCapacity="TOTAL",
    )
    assert done["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 8.0, "WriteCapacityUnits": 8.0}]
    wanted = [{"Get": {"TableName": table, "Key": key(name)}} for name in ("put", "counter", "gone", "check")]
    found = cloud.client.transact_get_items(TransactItems=wanted)["Responses"]
    two, one = {**key("counter"), "n": {"N": "2"}}, {**key("check"), "n": {"N": "1"}}
    assert [answer.get("Item") for answer in found] == [key("put"), two, None, one]


def test_one_reason_for_each_and_nothing_written(cloud: Cloud, table: str) -> None:
    cloud.client.put_item(TableName=table, Item=key("there"))
    absent = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    message, reasons = cancelled(
        cloud,
        [
            {"Put": {"TableName": table, "Item": key("never")}},
            {"Put": {"TableName": table, "Item": {**key("there"), "v": {"N": "1"}}, **absent}},
            {"Update": {"TableName": table, "Key": key("other"), "UpdateExpression": "SET a = b"}},
        ],
    )
    assert message.endswith("[None, ConditionalCheckFailed, ValidationError]")
    assert reasons == [
        {"Code": "None"},
        {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": key("there")},
        {
            "Code": "ValidationError",
            "Message": "The provided expression refers to an attribute that does not exist in the item",
        },
    ]
    for name in ("never", "other"):
        assert "Item" not in cloud.client.get_item(TableName=table, Key=key(name))
    assert cloud.client.get_item(TableName=table, Key=key("there"))["Item"] == key("there")


def test_what_transactions_refuse(cloud: Cloud, table: str) -> None:
    put = {"Put": {"TableName": table, "Item": key("x")}}
    delete = {"Delete": {"TableName": table, "Key": key("x")}}

    def refused(*items: dict[str, Any]) -> tuple[str, str]:
        return cloud.error("transact_write_items", TransactItems=list(items))

    assert "multiple operations on one item" in refused(put, delete)[1]
    assert "can only contain one of" in refused({**put, **delete})[1]
    assert refused({"Put": {"TableName": "nowhere", "Item": key("x")}})[0] == "ResourceNotFoundException"
    get = {"Get": {"TableName": table, "Key": key("x")}}
    assert "multiple operations" in cloud.error("transact_get_items", TransactItems=[get, get])[1]
    big = [
        {"Put": {"TableName": table, "Item": {**key(f"big{number}"), "v": {"S": "x" * 400_000}}}}
        for number in range(11)
    ]
    assert refused(*big)[0] == "ValidationException"
    assert "Item" not in cloud.client.get_item(TableName=table, Key=key("big0"))


def test_a_token_makes_a_repetition_harmless(cloud: Cloud, table: str) -> None:
    add = {
        "TableName": table,
        "Key": key("token"),
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    request = {"TransactItems": [{"Update": add}], "ClientRequestToken": "once"}
    for _ in range(3):
        cloud.client.transact_write_items(**request)
    assert cloud.client.get_item(TableName=table, Key=key("token"))["Item"]["n"] == {"N": "1"}
    other = {**request, "TransactItems": [{"Update": {**add, "Key": key("else")}}]}
    assert cloud.error("transact_write_items", **other)[0] == "IdempotentParameterMismatchException"
    cloud.clock.moved += 601
    cloud.client.transact_write_items(**request)
    assert cloud.client.get_item(TableName=table, Key=key("token"))["Item"]["n"] == {"N": "2"}
