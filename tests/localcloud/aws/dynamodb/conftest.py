"""The service behind a real HTTP server on a free port, in a thread of its own, with a clock that tests move."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from localcloud.aws.dynamodb.service import DynamoDbService
from localcloud.aws.protocol import CallContext, ServiceApi
from localcloud.http import Request, Response, serve

CONTEXT = CallContext("us-east-1", "123456789012", "http://127.0.0.1:1")
STRING_KEY = [{"AttributeName": "pk", "KeyType": "HASH"}]
PAIR_KEY = [*STRING_KEY, {"AttributeName": "sk", "KeyType": "RANGE"}]

_numbers = itertools.count(1)


@dataclass
class Clock:
    """The time, and how far a test has moved it, in seconds."""

    moved: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.moved


@dataclass
class Cloud:
    """The running service."""

    port: int
    clock: Clock
    _client: Any = field(default=None, repr=False)

    @property
    def client(self) -> Any:
        if self._client is None:
            config = Config(retries={"total_max_attempts": 1}, max_pool_connections=50)
            keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
            url = f"http://127.0.0.1:{self.port}"
            self._client = boto3.client("dynamodb", region_name="us-east-1", endpoint_url=url, config=config, **keys)
        return self._client

    def table(self, sort: str | None = None, hash_type: str = "S", **more: Any) -> str:
        """A new table with the partition key `pk` and, where a type is given, the sort key `sk`; ACTIVE."""
        name = f"table-{next(_numbers)}"
        types = [{"AttributeName": "pk", "AttributeType": hash_type}]
        if sort:
            types.append({"AttributeName": "sk", "AttributeType": sort})
        settings = {"BillingMode": "PAY_PER_REQUEST", "KeySchema": PAIR_KEY if sort else STRING_KEY, **more}
        self.client.create_table(TableName=name, AttributeDefinitions=types, **settings)
        self.wait_for(name)
        return name

    def wait_for(self, name: str) -> None:
        """Until the table is ACTIVE."""
        while self.client.describe_table(TableName=name)["Table"]["TableStatus"] != "ACTIVE":
            time.sleep(0.01)

    def error(self, operation: str, **params: Any) -> tuple[str, str]:
        """The code and the message with which a call is refused."""
        with pytest.raises(ClientError) as caught:
            getattr(self.client, operation)(**params)
        return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


def run(data: Path, clock: Clock, started: Callable[[Cloud, Callable[[], object]], None]) -> None:
    """Serves until told to stop."""

    async def main() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        service = DynamoDbService(data, clock, upkeep_seconds=0.05)
        service.start()
        api = ServiceApi(service)

        async def handle(request: Request) -> Response:
            return await api.handle(request, CONTEXT)

        server = await serve(handle)
        started(Cloud(server.port, clock), lambda: loop.call_soon_threadsafe(stop.set))
        await stop.wait()
        await server.close(0.5)
        await service.close()

    asyncio.run(main())


def serving(data: Path) -> Iterator[Cloud]:
    """A cloud for as long as the generator lives."""
    ready, found, stops = threading.Event(), list[Cloud](), list[Callable[[], object]]()

    def started(cloud: Cloud, stop: Callable[[], object]) -> None:
        found.append(cloud)
        stops.append(stop)
        ready.set()

    thread = threading.Thread(target=run, args=(data, Clock(), started), daemon=True)
    thread.start()
    assert ready.wait(20)
    yield found[0]
    found[0].close()
    stops[0]()
    thread.join(20)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """One for all tests: each makes tables of its own."""
    yield from serving(tmp_path_factory.mktemp("dynamodb"))
