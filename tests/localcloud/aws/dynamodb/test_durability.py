"""What was answered is there after a kill -9 of the whole local AWS, and after an orderly stop."""

import threading
import time

from botocore.exceptions import BotoCoreError

from tests.localcloud.aws.process import Process


def test_what_was_answered_survives_a_kill(process: Process) -> None:
    process.start()
    client = process.client("dynamodb")
    client.create_table(
        TableName="kept",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client.get_waiter("table_exists").wait(TableName="kept", WaiterConfig={"Delay": 1})
    answered: dict[int, int] = {}

    def write(writer: int) -> None:
        own = process.client("dynamodb")
        key = {"TableName": "kept", "Key": {"pk": {"S": str(writer)}}}
        add = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
        try:
            while True:
                found = own.update_item(**key, **add, ReturnValues="ALL_NEW")
                answered[writer] = int(found["Attributes"]["n"]["N"])
        except BotoCoreError:
            return
        finally:
            own.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 20
    while sum(answered.values()) < 100:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.end(kill=True)
    for thread in threads:
        thread.join(60)
    assert len(answered) == 4

    client.close()
    for orderly in (False, True):
        if orderly:
            assert process.end() == 0
        process.start()
        client = process.client("dynamodb")
        items = client.scan(TableName="kept", ConsistentRead=True)["Items"]
        found = {int(item["pk"]["S"]): int(item["n"]["N"]) for item in items}
        # At most one more each: written, and killed before the answer left.
        assert all(answered[writer] <= found[writer] <= answered[writer] + 1 for writer in answered), (answered, found)
        client.close()
