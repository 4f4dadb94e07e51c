"""Query and Scan: which items, in which order, in which pages."""

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.localcloud.aws.dynamodb.conftest import Cloud

P = {":p": {"S": "p"}}


@pytest.fixture(scope="module")
def numbers(cloud: Cloud) -> str:
    """Ten items of the partition p, sort keys 0 to 9, and one of another."""
    name = cloud.table(sort="N")
    for number in (7, 2, 9, 0, 4, 1, 8, 3, 6, 5):
        item = {"pk": {"S": "p"}, "sk": {"N": str(number)}, "even": {"BOOL": number % 2 == 0}}
        cloud.client.put_item(TableName=name, Item=item)
    cloud.client.put_item(TableName=name, Item={"pk": {"S": "q"}, "sk": {"N": "5"}})
    return name


def query(cloud: Cloud, table: str, condition: str, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = cloud.client.query(
        TableName=table, KeyConditionExpression=condition, ExpressionAttributeValues=values, **more
    )
    return found


def keys(answer: dict[str, Any]) -> list[int]:
    return [int(item["sk"]["N"]) for item in answer["Items"]]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("pk = :p", range(10)), ("pk = :p AND sk = :a", [3]), ("pk = :p AND sk < :a", range(3)),
        ("sk <= :a AND pk = :p", range(4)), (":p = pk AND :a < sk", range(4, 10)),
        ("(pk = :p) AND (sk >= :a)", range(3, 10)),
        ("pk = :p AND sk BETWEEN :a AND :b", range(3, 7)),
    ],
)  # fmt: skip
def test_key_conditions(cloud: Cloud, numbers: str, condition: str, expected: Any) -> None:
    values = {":p": {"S": "p"}, ":a": {"N": "3"}, ":b": {"N": "6"}}
    used = {name: value for name, value in values.items() if name in condition}
    assert keys(query(cloud, numbers, condition, used)) == list(expected)
    backwards = query(cloud, numbers, condition, used, ScanIndexForward=False)
    assert keys(backwards) == list(reversed(expected))


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("pk > :p", "Query key condition not supported"),
        ("sk = :a", "Query condition missed key schema element: pk"),
        ("pk = :p AND even = :a", "Query condition missed key schema element: sk"),
        ("pk = :p OR sk = :a", "Invalid operator used in KeyConditionExpression: OR"),
        ("pk = :p AND NOT sk = :a", "Invalid operator used in KeyConditionExpression: NOT"),
        ("pk = :p AND sk <> :a", "Invalid operator used in KeyConditionExpression: <>"),
        ("pk = :p AND sk IN (:a)", "Invalid operator used in KeyConditionExpression: IN"),
        ("pk = :p AND attribute_exists(sk)", "Invalid operator used in KeyConditionExpression: attribute_exists"),
        ("pk = :p AND size(sk) = :a", "KeyConditionExpressions cannot contain nested operations"),
        ("pk = :p AND sk = :a AND sk = :b", "must only contain one condition per key"),
        ("pk = :p AND sk = :a AND even = :b", "Conditions can be of length 1 or 2 only"),
        ("pk = :p AND begins_with(sk, :a)", "operator or function: begins_with, operand type: N"),
        ("pk = :a", "Condition parameter type does not match schema type"),
        ("pk = :p AND sk = pk", "Multiple attribute names used in one condition"),
        ("pk = :e", "cannot contain an empty string value. Key: pk"),
        ("", "Invalid KeyConditionExpression: The expression can not be empty;"),
    ],
)
def test_key_conditions_that_are_none(cloud: Cloud, numbers: str, condition: str, message: str) -> None:
    values = {":p": {"S": "p"}, ":a": {"N": "3"}, ":b": {"N": "6"}, ":e": {"S": ""}}
    used = {name: value for name, value in values.items() if name in condition} or values
    params = {"KeyConditionExpression": condition, "ExpressionAttributeValues": used}
    code, found = cloud.error("query", TableName=numbers, **params)
    assert code == "ValidationException"
    assert message in found


def test_limit_and_filter_and_projection(cloud: Cloud, numbers: str) -> None:
    more = {"FilterExpression": "even = :t", "ProjectionExpression": "sk"}
    values = {**P, ":t": {"BOOL": True}}
    answer = query(cloud, numbers, "pk = :p", values, Limit=5, ReturnConsumedCapacity="TOTAL", **more)
    assert (keys(answer), answer["ScannedCount"]) == ([0, 2, 4], 5)
    assert answer["Items"][0] == {"sk": {"N": "0"}}
    assert answer["LastEvaluatedKey"] == {"pk": {"S": "p"}, "sk": {"N": "4"}}
    assert answer["ConsumedCapacity"] == {"TableName": numbers, "CapacityUnits": 0.5}
    rest = query(cloud, numbers, "pk = :p", values, ExclusiveStartKey=answer["LastEvaluatedKey"], **more)
    assert keys(rest) == [6, 8]
    assert "LastEvaluatedKey" not in rest
    whole = query(cloud, numbers, "pk = :p", P, Limit=10)
    assert "LastEvaluatedKey" in whole, "a limit that was reached does not know that nothing follows"
    counted = query(cloud, numbers, "pk = :p", P, Select="COUNT")
    assert (counted["Count"], "Items" in counted) == (10, False)


def test_starting_keys_must_fit(cloud: Cloud, numbers: str) -> None:
    def refused(key: dict[str, Any], condition: str = "pk = :p") -> str:
        used = {**P, ":a": {"N": "3"}} if ":a" in condition else P
        params = {"KeyConditionExpression": condition, "ExpressionAttributeValues": used, "ExclusiveStartKey": key}
        return cloud.error("query", TableName=numbers, **params)[1]

    assert refused({"pk": {"S": "p"}}) == "The provided starting key is invalid"
    assert "outside query boundaries" in refused({"pk": {"S": "q"}, "sk": {"N": "5"}})
    past = {"pk": {"S": "p"}, "sk": {"N": "5"}}
    assert "does not match the range key predicate" in refused(past, "pk = :p AND sk < :a")
    filtered = {"FilterExpression": "sk = :a", "ExpressionAttributeValues": {**P, ":a": {"N": "1"}}}
    message = cloud.error("query", TableName=numbers, KeyConditionExpression="pk = :p", **filtered)[1]
    assert message == "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"


def test_a_page_ends_at_a_megabyte(cloud: Cloud) -> None:
    name = cloud.table(sort="N")
    for number in range(25):
        item = {"pk": {"S": "p"}, "sk": {"N": str(number)}, "v": {"S": "x" * 100_000}}
        cloud.client.put_item(TableName=name, Item=item)
    first = query(cloud, name, "pk = :p", P, Select="COUNT", ReturnConsumedCapacity="TOTAL")
    assert first["Count"] == 11
    assert first["LastEvaluatedKey"]["sk"] == {"N": "10"}
    assert first["ConsumedCapacity"]["CapacityUnits"] == 134.5
    pages = list(cloud.client.get_paginator("scan").paginate(TableName=name, ProjectionExpression="sk"))
    assert [page["Count"] for page in pages] == [11, 11, 3]


def test_segments_share_a_table_out(cloud: Cloud) -> None:
    name = cloud.table()
    for number in range(60):
        cloud.client.put_item(TableName=name, Item={"pk": {"S": f"{number:02}"}})
    paginator = cloud.client.get_paginator("scan")
    found = [
        [
            item["pk"]["S"]
            for page in paginator.paginate(TableName=name, Segment=segment, TotalSegments=4, Limit=7)
            for item in page["Items"]
        ]
        for segment in range(4)
    ]
    everything = [key for segment in found for key in segment]
    assert sorted(everything) == [f"{number:02}" for number in range(60)]
    assert all(found), "each has a part"
    assert everything != sorted(everything), "no order that a program could come to rely on"
    assert everything == [item["pk"]["S"] for item in cloud.client.scan(TableName=name)["Items"]]
    assert "Segment: 4 is not less" in cloud.error("scan", TableName=name, Segment=4, TotalSegments=4)[1]
    assert "TotalSegments parameter is required" in cloud.error("scan", TableName=name, Segment=0)[1]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
COUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9999, max_value=9999)


@pytest.fixture(scope="module")
def sorted_tables(cloud: Cloud) -> dict[str, str]:
    return {kind: cloud.table(sort=kind) for kind in "SNB"}


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_order_is_by_bytes_and_by_number(cloud: Cloud, sorted_tables: dict[str, str], data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from("SNB"))
    drawn = {"S": TEXTS, "N": COUNTS, "B": st.binary(min_size=1, max_size=4)}[kind]
    values: list[Any] = data.draw(st.lists(drawn, min_size=1, max_size=12, unique=True))
    partition = {"S": base64.b64encode(repr(values).encode()).decode()[:2000]}
    name = sorted_tables[kind]
    requests = [
        {"PutRequest": {"Item": {"pk": partition, "sk": {kind: str(value) if kind == "N" else value}}}}
        for value in values
    ]
    cloud.client.batch_write_item(RequestItems={name: requests})
    answer = query(cloud, name, "pk = :p", {":p": partition})
    expected = sorted(values, key=lambda value: value.encode() if kind == "S" else value)
    if kind == "N":
        assert [float(item["sk"]["N"]) for item in answer["Items"]] == [float(value) for value in expected]
        return
    assert [item["sk"][kind] for item in answer["Items"]] == expected
    prefix = expected[len(expected) // 2][:1]
    begun = query(cloud, name, "pk = :p AND begins_with(sk, :s)", {":p": partition, ":s": {kind: prefix}})
    assert [item["sk"][kind] for item in begun["Items"]] == [value for value in expected if value.startswith(prefix)]
