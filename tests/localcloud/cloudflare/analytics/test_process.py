"""The dataset as clients see it, with a real Worker behind it."""

import datetime
from typing import Any

import httpx

from tests.localcloud.cloudflare.process import ACCOUNT, Process

QUERY = """query ($account: string!, $since: Time!) {
  viewer { accounts(filter: {accountTag: $account}) {
    workersInvocationsAdaptive(limit: 10, filter: {scriptName: "hello", datetime_geq: $since}) {
      sum { requests errors cpuTimeUs wallTime responseBodySize } dimensions { status scriptVersion }
    } } } }"""
RAISES = """
from workers import WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        raise ValueError("no")
"""


def rows(process: Process, since: datetime.datetime) -> Any:
    answer = httpx.post(
        f"http://127.0.0.1:{process.port}/client/v4/graphql",
        json={"query": QUERY, "variables": {"account": ACCOUNT, "since": since.isoformat()}},
        headers={"authorization": "Bearer any"},
    )
    body = answer.json()
    assert (answer.status_code, body["errors"]) == (200, None)
    return body["data"]["viewer"]["accounts"][0]["workersInvocationsAdaptive"]


def test_requests_are_in_the_dataset_at_once(real_cloudflare: Process) -> None:
    since = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    real_cloudflare.put("hello")
    assert [real_cloudflare.get() for _ in range(3)] == ["hello"] * 3
    real_cloudflare.put("hello", source=RAISES)
    real_cloudflare.get()
    by_status = {row["dimensions"]["status"]: row for row in rows(real_cloudflare, since)}
    good, bad = by_status["success"], by_status["scriptThrewException"]
    assert (good["sum"]["requests"], good["sum"]["errors"], good["sum"]["responseBodySize"]) == (3, 0, 15)
    assert 0 < good["sum"]["cpuTimeUs"] <= good["sum"]["wallTime"]
    assert (bad["sum"]["requests"], bad["sum"]["errors"]) == (1, 1)
    assert good["dimensions"]["scriptVersion"] != bad["dimensions"]["scriptVersion"]


def test_it_wants_a_token(real_cloudflare: Process) -> None:
    answer = httpx.post(f"http://127.0.0.1:{real_cloudflare.port}/client/v4/graphql", json={"query": QUERY})
    assert answer.status_code == 400
