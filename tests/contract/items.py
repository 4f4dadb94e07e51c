"""What the tests of items share."""

from collections.abc import Mapping

import httpx

from tests.contract.test_api import problem

FAILED = problem(
    "Precondition Failed",
    412,
    "What If-Match or If-None-Match asks does not hold. Read the item and decide anew.",
    "precondition_failed",
)
MISSING = problem("Not Found", 404, "There is no item with this key.", "item_not_found")
RULE = "1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -, the first of them a letter or digit"


async def put(
    client: httpx.AsyncClient, path: str, value: bytes = b"1", headers: Mapping[str, str] | None = None
) -> httpx.Response:
    return await client.put(path, content=value, headers={"content-type": "application/json", **(headers or {})})
