"""Any sequence of writes and reads against a plain dict that does the same."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.localcloud.aws.dynamodb.conftest import Cloud

PARTITIONS = st.sampled_from(["a", "b", "ü"])
SORTS = st.integers(-3, 3)
COUNTS = st.integers(-100, 100)


def test_a_table_is_a_dict(cloud: Cloud) -> None:
    class Table(RuleBasedStateMachine):
        @initialize()
        def make(self) -> None:
            self.name = cloud.table(sort="N")
            self.model: dict[tuple[str, int], dict[str, Any]] = {}

        def key(self, partition: str, sort: int) -> dict[str, Any]:
            return {"pk": {"S": partition}, "sk": {"N": str(sort)}}

        @rule(partition=PARTITIONS, sort=SORTS, count=COUNTS)
        def put(self, partition: str, sort: int, count: int) -> None:
            item = {**self.key(partition, sort), "n": {"N": str(count)}}
            old = cloud.client.put_item(TableName=self.name, Item=item, ReturnValues="ALL_OLD").get("Attributes")
            assert old == self.model.get((partition, sort))
            self.model[partition, sort] = item

        @rule(partition=PARTITIONS, sort=SORTS, count=COUNTS)
        def put_if_less(self, partition: str, sort: int, count: int) -> None:
            item = {**self.key(partition, sort), "n": {"N": str(count)}}
            now = self.model.get((partition, sort))
            may = now is None or int(now["n"]["N"]) < count
            write = {
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk) OR n < :n",
                "ExpressionAttributeValues": {":n": {"N": str(count)}},
            }
            if may:
                cloud.client.put_item(TableName=self.name, **write)
                self.model[partition, sort] = item
            else:
                with pytest.raises(ClientError, match="ConditionalCheckFailed"):
                    cloud.client.put_item(TableName=self.name, **write)

        @rule(partition=PARTITIONS, sort=SORTS, count=COUNTS)
        def add(self, partition: str, sort: int, count: int) -> None:
            new = cloud.client.update_item(
                TableName=self.name,
                Key=self.key(partition, sort),
                UpdateExpression="ADD n :n SET #l = list_append(if_not_exists(#l, :none), :one)",
                ExpressionAttributeNames={"#l": "list"},
                ExpressionAttributeValues={":n": {"N": str(count)}, ":none": {"L": []}, ":one": {"L": [{"N": "1"}]}},
                ReturnValues="ALL_NEW",
            )["Attributes"]
            old = self.model.get((partition, sort), self.key(partition, sort))
            total = int(old.get("n", {"N": "0"})["N"]) + count
            ones = [*old.get("list", {"L": []})["L"], {"N": "1"}]
            self.model[partition, sort] = {**old, "n": {"N": str(total)}, "list": {"L": ones}}
            assert new == self.model[partition, sort]

        @rule(partition=PARTITIONS, sort=SORTS)
        def delete(self, partition: str, sort: int) -> None:
            cloud.client.delete_item(TableName=self.name, Key=self.key(partition, sort))
            self.model.pop((partition, sort), None)

        @rule(sort=SORTS, other=SORTS, count=COUNTS)
        def move(self, sort: int, other: int, count: int) -> None:
            """Two writes that must happen both or not at all."""
            item = {**self.key("b", other), "n": {"N": str(count)}}
            gone = {"Key": self.key("a", sort), "ConditionExpression": "attribute_exists(pk)"}
            items = [
                {"Put": {"TableName": self.name, "Item": item}},
                {"Delete": {"TableName": self.name, **gone}},
            ]
            if ("a", sort) in self.model:
                cloud.client.transact_write_items(TransactItems=items)
                del self.model["a", sort]
                self.model["b", other] = item
            else:
                with pytest.raises(ClientError, match="TransactionCanceled"):
                    cloud.client.transact_write_items(TransactItems=items)

        @rule(partition=PARTITIONS, low=SORTS, high=SORTS, forward=st.booleans(), limit=st.integers(1, 4))
        def query(self, partition: str, low: int, high: int, *, forward: bool, limit: int) -> None:
            low, high = min(low, high), max(low, high)
            pages = cloud.client.get_paginator("query").paginate(
                TableName=self.name,
                KeyConditionExpression="pk = :p AND sk BETWEEN :l AND :h",
                ExpressionAttributeValues={":p": {"S": partition}, ":l": {"N": str(low)}, ":h": {"N": str(high)}},
                ScanIndexForward=forward,
                PaginationConfig={"PageSize": limit},
            )
            found = [item for page in pages for item in page["Items"]]
            wanted = sorted(place for place in self.model if place[0] == partition and low <= place[1] <= high)
            assert found == [self.model[place] for place in (wanted if forward else reversed(wanted))]

        @rule()
        def scan(self) -> None:
            found = cloud.client.scan(TableName=self.name)["Items"]
            assert {(item["pk"]["S"], int(item["sk"]["N"])): item for item in found} == self.model
            assert len(found) == len(self.model)

    run_state_machine_as_test(Table, settings=settings(deadline=None, max_examples=15, stateful_step_count=40))
