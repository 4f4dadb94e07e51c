"""What happens by itself: items end after their time."""

import time
from typing import Any

from tests.localcloud.aws.dynamodb.conftest import Cloud


def left(cloud: Cloud, name: str) -> set[str]:
    return {item["pk"]["S"] for item in cloud.client.scan(TableName=name)["Items"]}


def until(cloud: Cloud, name: str, expected: set[str]) -> None:
    deadline = time.monotonic() + 10
    while left(cloud, name) != expected:
        assert time.monotonic() < deadline, left(cloud, name)
        time.sleep(0.02)


def test_items_end_some_time_after_their_end(cloud: Cloud) -> None:
    name, now = cloud.table(), int(cloud.clock())

    def put(key: str, end: dict[str, Any] | None) -> None:
        item = {"pk": {"S": key}, **({} if end is None else {"end": end})}
        cloud.client.put_item(TableName=name, Item=item)

    put("written before", {"N": str(now + 500)})
    put("long ago before", {"N": "1"})
    spec = {"AttributeName": "end", "Enabled": True}
    cloud.client.update_time_to_live(TableName=name, TimeToLiveSpecification=spec)
    put("soon", {"N": str(now + 500)})
    put("soon, moved on", {"N": str(now + 500)})
    put("later", {"N": str(now + 100_000)})
    put("never", None)
    put("no number", {"S": str(now)})
    put("a list", {"L": [{"N": str(now)}]})
    put("no time at all", {"N": "1" + "0" * 120})
    move = {"UpdateExpression": "SET #e = :e", "ExpressionAttributeNames": {"#e": "end"}}
    until_later = {":e": {"N": str(now + 90_000)}}
    cloud.client.update_item(
        TableName=name, Key={"pk": {"S": "soon, moved on"}}, ExpressionAttributeValues=until_later, **move
    )
    kept = {"soon, moved on", "later", "never", "no number", "a list", "no time at all", "long ago before"}
    assert left(cloud, name) == kept | {"written before", "soon"}, "until then they are there"
    cloud.clock.moved += 1000
    until(cloud, name, kept)
    cloud.client.update_time_to_live(TableName=name, TimeToLiveSpecification={**spec, "Enabled": False})
    cloud.clock.moved += 200_000
    time.sleep(0.3)
    assert left(cloud, name) == kept, "switched off, nothing ends"
