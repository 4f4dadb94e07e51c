"""`worker-analytics:ACCOUNT:SCRIPT`: processor time as Cloudflare's GraphQL Analytics API has it.

The dataset is workersInvocationsAdaptive, times in microseconds
(https://developers.cloudflare.com/analytics/graphql-api/tutorials/querying-workers-metrics/). It is sampled, and some
minutes behind. The token of CLOUDFLARE_API_TOKEN needs Account Analytics, Read; CLOUDFLARE_BASE_URL is the API's base
where it is not Cloudflare's.
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
    workersInvocationsAdaptive(limit: 1,
      filter: {scriptName: $script, datetime_geq: $since, datetime_leq: $until}) {
      sum { requests errors cpuTimeUs wallTime }
      quantiles { cpuTimeP50 cpuTimeP99 }
    } } } }"""
_SECONDS: Final = 30


class WorkerAnalytics:
    """Implements Source."""

    def __init__(self, account: str, script: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._account, self._script = account, script
        self._transport = transport

    async def read(self, target: str, since: datetime.datetime, until: datetime.datetime) -> Usage | None:
        """Means over all invocations of that time."""
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
            async with httpx.AsyncClient(timeout=_SECONDS, transport=self._transport) as client:
                answer = await client.post(
                    f"{base}/graphql",
                    json={"query": QUERY, "variables": variables},
                    headers={"authorization": f"Bearer {token}"},
                )
            body = answer.json()
        except httpx.HTTPError as error:
            raise UsageUnavailableError(f"Cloudflare's GraphQL API does not answer: {error}") from error
        except ValueError:
            raise UsageUnavailableError(f"Cloudflare's GraphQL API: status {answer.status_code}") from None
        return usage(target, body, f"workersInvocationsAdaptive of {self._script}")


def usage(target: str, answer: Mapping[str, Any], source: str) -> Usage | None:
    """None where nothing was recorded. Raises UsageUnavailableError with what the API says."""
    if answer.get("errors"):
        said = "; ".join(str(error.get("message")) for error in answer["errors"])
        raise UsageUnavailableError(f"Cloudflare's GraphQL API: {said}")
    accounts = answer["data"]["viewer"]["accounts"]
    rows = [row for account in accounts for row in account["workersInvocationsAdaptive"] if row["sum"]["requests"]]
    if not rows:
        return None
    [row] = rows
    total, quantiles = row["sum"], row["quantiles"]
    note = (
        f"{target}: {quantiles['cpuTimeP50'] / 1000:,.1f} ms of processor time in the median and "
        f"{quantiles['cpuTimeP99'] / 1000:,.1f} ms at p99; {total['errors']:,} invocations failed."
    )
    return Usage(
        target=target,
        requests=total["requests"],
        figures={
            "cpu_ms": total["cpuTimeUs"] / total["requests"] / 1000,
            "wall_ms": total["wallTime"] / total["requests"] / 1000,
        },
        source=source,
        notes=(note,),
    )


def _moment(when: datetime.datetime) -> str:
    return when.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
