"""`worker-analytics:ACCOUNT:SCRIPT`: processor time as Cloudflare's GraphQL Analytics API has it.

The dataset is workersInvocationsAdaptive, times in microseconds
(https://developers.cloudflare.com/analytics/graphql-api/tutorials/querying-workers-metrics/). It is sampled, and some
minutes behind. The token of CLOUDFLARE_API_TOKEN needs Account Analytics, Read.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from typing import Any, Final

import httpx

from lab.errors import UsageUnavailableError
from lab.usage.usage import Usage

API: Final = "https://api.cloudflare.com/client/v4"
QUERY: Final = """query ($account: string!, $script: string!, $since: Time!, $until: Time!) {
  viewer { accounts(filter: {accountTag: $account}) {
    workersInvocationsAdaptive(limit: 1000,
      filter: {scriptName: $script, datetime_geq: $since, datetime_leq: $until}) {
      sum { requests errors }
      quantiles { cpuTimeP50 cpuTimeP99 }
    } } } }"""
_SECONDS = 30


class WorkerAnalytics:
    """Implements Source."""

    def __init__(self, account: str, script: str) -> None:
        self._account, self._script = account, script

    async def read(self, target: str, since: datetime.datetime, until: datetime.datetime) -> Usage | None:
        """The median of processor time: the dataset has no mean."""
        token = os.environ.get("CLOUDFLARE_API_TOKEN")
        if not token:
            raise UsageUnavailableError(
                "CLOUDFLARE_API_TOKEN is not set: it takes a token with Account Analytics, Read"
            )
        base = (os.environ.get("CLOUDFLARE_BASE_URL") or API).rstrip("/")
        variables = {
            "account": self._account, "script": self._script, "since": _moment(since), "until": _moment(until),
        }  # fmt: skip
        try:
            async with httpx.AsyncClient(timeout=_SECONDS) as client:
                answer = await client.post(
                    f"{base}/graphql",
                    json={"query": QUERY, "variables": variables},
                    headers={"authorization": f"Bearer {token}"},
                )
            answer.raise_for_status()
            return usage(target, answer.json(), f"workersInvocationsAdaptive of {self._script}")
        except (httpx.HTTPError, ValueError) as error:
            raise UsageUnavailableError(f"Cloudflare's GraphQL API: {error}") from error


def usage(target: str, answer: Mapping[str, Any], source: str) -> Usage | None:
    """Raises UsageUnavailableError with what the API says."""
    if answer.get("errors"):
        raise UsageUnavailableError(f"Cloudflare's GraphQL API: {answer['errors'][0].get('message')}")
    accounts = answer["data"]["viewer"]["accounts"]
    rows = [row for account in accounts for row in account["workersInvocationsAdaptive"] if row["sum"]["requests"]]
    requests = sum(row["sum"]["requests"] for row in rows)
    if not requests:
        return None
    cpu = sum(row["quantiles"]["cpuTimeP50"] * row["sum"]["requests"] for row in rows) / requests / 1000
    return Usage(target=target, requests=requests, figures={"cpu_ms": cpu}, source=source)


def _moment(when: datetime.datetime) -> str:
    return when.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
