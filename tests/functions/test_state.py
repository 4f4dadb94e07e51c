"""What DynamoDB is asked, and what its answers mean. How it behaves is the contract suite's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from app.ports import State
from functions.clients import Clients
from functions.errors import ServiceError
from functions.state import DynamoDbState, ListedItem, StoredItem
from tests.functions.service import Reply, Service

pytestmark = pytest.mark.anyio
STORED = {"collection": {"S": "items"}, "key": {"S": "a"}, "value": {"S": "1"}, "version": {"S": "v1"}}
NOW = 1000
LIVE = "attribute_exists(#version) AND (attribute_not_exists(#expires) OR #expires > :now)"


@dataclass(frozen=True)
class When:
    kind: Literal["any", "absent", "present", "versions"]
    versions: Sequence[str] = ()


def state() -> State:
    return DynamoDbState(Clients(), "table")


async def test_a_read_is_consistent_and_does_not_see_what_has_expired(service: Service) -> None:
    service.replies = [Reply({"Item": STORED})]
    assert await state().get("items", "a", now=NOW) == StoredItem(key="a", value="1", version="v1", expires_at=None)
    assert service.requests[0]["body"]["ConsistentRead"] is True
    service.replies = [Reply({"Item": {**STORED, "expires_at": {"N": "1001"}}})]
    assert await state().get("items", "a", now=NOW) == StoredItem(key="a", value="1", version="v1", expires_at=1001)
    assert await state().get("items", "a", now=NOW + 1) is None
    service.replies = [Reply({})]
    assert await state().get("items", "a", now=NOW) is None


@pytest.mark.parametrize(
    ("condition", "expression"),
    [
        (When("any"), None),
        (When("absent"), "(attribute_not_exists(#version) OR #expires <= :now)"),
        (When("present"), LIVE),
        (
            When("versions", ("v1", "v2")),
            f"{LIVE} AND (#version IN (:v0, :v1))",
        ),
    ],
)
async def test_a_condition_is_part_of_the_write(service: Service, condition: When, expression: str | None) -> None:
    service.replies = [Reply({})]
    assert await state().put("items", "a", "1", version="v3", condition=condition, now=NOW, expires_at=NOW + 5)
    assert await state().delete("items", "a", condition=condition, now=NOW)
    for request in service.requests:
        assert request["body"].get("ConditionExpression") == expression
        assert ("ExpressionAttributeValues" in request["body"]) == (expression is not None)
    written = service.requests[0]["body"]["Item"]
    assert written == {**STORED, "version": {"S": "v3"}, "expires_at": {"N": "1005"}}
    service.replies = [Reply.error("ConditionalCheckFailedException")]
    assert not await state().put("items", "a", "1", version="v3", condition=condition, now=NOW)
    assert not await state().delete("items", "a", condition=condition, now=NOW)


async def test_no_version_fits_none(service: Service) -> None:
    assert not await state().put("items", "a", "1", version="v", condition=When("versions"), now=NOW)
    assert service.requests == []


async def test_a_list_goes_through_the_pages_until_it_is_full(service: Service) -> None:
    listed = {name: value for name, value in STORED.items() if name not in ("collection", "value")}
    page = {"LastEvaluatedKey": {"collection": {"S": "items"}, "key": {"S": "ab"}}}
    service.replies = [Reply({"Items": [listed], **page}), Reply({"Items": [listed, listed]})]
    found = await state().list("items", prefix="a", limit=2, after="aa", now=NOW)
    assert found == (ListedItem(key="a", version="v1", expires_at=None),) * 2
    first, second = (request["body"] for request in service.requests)
    assert first["KeyConditionExpression"] == "#collection = :collection AND begins_with(#key, :prefix)"
    assert first["ExclusiveStartKey"]["key"] == {"S": "aa"}
    assert second["ExclusiveStartKey"]["key"] == {"S": "ab"}
    assert first["ProjectionExpression"] == "#key, #version, #expires", "no values"
    assert first["ConsistentRead"] is second["ConsistentRead"] is True


@pytest.mark.parametrize(
    ("prefix", "after", "asked", "start"),
    [("", None, True, None), ("", "x", True, "x"), ("b", "a", True, None), ("b", "c", False, None)],
)
async def test_where_a_list_starts(
    service: Service, prefix: str, after: str | None, asked: bool, start: str | None
) -> None:
    """DynamoDB refuses a start that lies outside of what is asked for, and an empty prefix."""
    service.replies = [Reply({"Items": []})]
    assert await state().list("items", prefix=prefix, limit=2, after=after, now=NOW) == ()
    assert len(service.requests) == asked
    for request in service.requests:
        body: dict[str, Any] = request["body"]
        assert body.get("ExclusiveStartKey", {}).get("key", {}).get("S") == start
        assert (":prefix" in body["ExpressionAttributeValues"]) == bool(prefix)


async def test_what_is_no_condition_is_a_fault(service: Service) -> None:
    service.replies = [Reply.error("ResourceNotFoundException", "Requested resource not found")]
    with pytest.raises(ServiceError, match="dynamodb: ResourceNotFoundException: Requested"):
        await state().get("items", "a", now=NOW)
