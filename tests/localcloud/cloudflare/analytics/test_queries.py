"""Queries of the dataset, on rows that are known."""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from localcloud.cloudflare.analytics.models import Analytics
from localcloud.cloudflare.analytics.records import InvocationTable
from localcloud.cloudflare.analytics.responses import AnalyticsResponses
from localcloud.cloudflare.database import open_database
from localcloud.cloudflare.router import Call
from localcloud.http import Request
from tests.localcloud.cloudflare.conftest import ACCOUNT

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
# Declared and nested as in developers.cloudflare.com/analytics/graphql-api/tutorials/querying-workers-metrics.
EXAMPLE = """query GetWorkersAnalytics($accountTag: string, $datetimeStart: string, $datetimeEnd: string,
                                        $scriptName: string) {
  viewer { accounts(filter: {accountTag: $accountTag}) {
    workersInvocationsAdaptive(limit: 100, filter: {
      scriptName: $scriptName, datetime_geq: $datetimeStart, datetime_leq: $datetimeEnd
    }) {
      sum { subrequests requests errors } quantiles { cpuTimeP50 cpuTimeP99 }
      dimensions { datetime scriptName status }
    } } } }"""
VARIABLES = {
    "accountTag": ACCOUNT,
    "datetimeStart": "2026-11-20T11:00:00.000Z",
    "datetimeEnd": "2026-11-20T12:00:00.000Z",
    "scriptName": "api",
}


class Told:
    """A Worker host with these seconds to tell, once."""

    def __init__(self, *seconds: Mapping[str, Any]) -> None:
        self._seconds = seconds

    async def invocations(self) -> Sequence[Mapping[str, Any]]:
        told, self._seconds = self._seconds, ()
        return told


def second(before_noon: int, cpu: Sequence[int], **other: Any) -> Mapping[str, Any]:
    told = {"script": "api", "version": "v1", "status": "success", "background": 0, "subrequests": 0}
    lists = {"cpu": cpu, "wall": [2 * one for one in cpu], "bytes": [10] * len(cpu)}
    return {"second": int(NOON.timestamp()) - before_noon, **told, **lists, **other}


def limited(arguments: str) -> str:
    return f"{{ viewer {{ accounts {{ workersInvocationsAdaptive({arguments}) {{ sum {{ requests }} }} }} }} }}"


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Analytics]]:
    database = open_database(tmp_path / "v4.sqlite")
    yield lambda *seconds: Analytics(InvocationTable(database), Told(*seconds), NOON.timestamp)
    database.close()


@pytest.fixture
def analytics(make: Callable[..., Analytics]) -> Analytics:
    return make(
        second(90, [1000, 3000]),
        second(60, [2000], subrequests=3),
        second(60, [50_000], status="exceededResources", version="v2"),
        second(60, [7000], script="other"),
        second(30, [4000, 5000], background=500),
    )


async def asked(analytics: Analytics, fields: str, filters: str = "", more: str = "") -> Any:
    text = (
        f'{{ viewer {{ accounts(filter: {{accountTag: "{ACCOUNT}"}}) {{ workersInvocationsAdaptive'
        f'(limit: 100, filter: {{scriptName: "api" {filters}}} {more}) {{ {fields} }} }} }} }}'
    )
    data, errors = await analytics.query(text, {})
    assert not errors, errors
    return data["viewer"]["accounts"][0]["workersInvocationsAdaptive"]


@pytest.mark.anyio
async def test_cloudflares_own_example_is_answered(analytics: Analytics) -> None:
    data, errors = await analytics.query(EXAMPLE, VARIABLES)
    assert not errors
    rows = data["viewer"]["accounts"][0]["workersInvocationsAdaptive"]
    assert [row["dimensions"]["status"] for row in rows] == ["success", "success", "exceededResources", "success"]
    assert rows[1] == {
        "sum": {"subrequests": 3, "requests": 1, "errors": 0},
        "quantiles": {"cpuTimeP50": 2000.0, "cpuTimeP99": 2000.0},
        "dimensions": {"datetime": "2026-11-20T11:59:00Z", "scriptName": "api", "status": "success"},
    }


@pytest.mark.anyio
async def test_without_dimensions_all_is_one_row(analytics: Analytics) -> None:
    [row] = await asked(analytics, "sum { requests errors cpuTimeUs wallTime } max { cpuTime } min { cpuTime }")
    assert row["sum"] == {"requests": 6, "errors": 1, "cpuTimeUs": 65_500, "wallTime": 130_000}
    assert (row["max"]["cpuTime"], row["min"]["cpuTime"]) == (50_000, 1000)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("filters", "requests"),
    [
        ('datetime_gt: "2026-11-20T11:59:00Z"', 2),
        ('datetime_geq: "2026-11-20T11:59:00Z"', 4),
        ('datetime_lt: "2026-11-20T12:59:00+01:00"', 2),
        ('status_neq: "success"', 1),
        ('status_in: ["success", "internalError"]', 5),
        ('OR: [{scriptVersion: "v2"}, {datetime_leq: "2026-11-20T11:58:30Z"}]', 3),
        ('date: "2026-11-20"', 6),
        ('date_gt: "2026-11-20"', 0),
    ],
)
async def test_filters(analytics: Analytics, filters: str, requests: int) -> None:
    assert sum(row["sum"]["requests"] for row in await asked(analytics, "sum { requests }", filters)) == requests


@pytest.mark.anyio
async def test_rows_come_in_the_order_that_is_asked_for(analytics: Analytics) -> None:
    fields = (
        "dimensions { datetimeMinute ...more } } } } } fragment more on AccountWorkersInvocationsAdaptiveDimensions"
    )
    text = (
        "{ viewer { accounts { workersInvocationsAdaptive(limit: 3, orderBy: [datetimeMinute_DESC, scriptName_DESC]) {"
        f"{fields} {{ scriptName }}"
    )
    data, errors = await analytics.query(text, {})
    assert not errors
    rows = [row["dimensions"] for row in data["viewer"]["accounts"][0]["workersInvocationsAdaptive"]]
    assert [(row["datetimeMinute"][14:16], row["scriptName"]) for row in rows] == [
        ("59", "other"),
        ("59", "api"),
        ("58", "api"),
    ]


@pytest.mark.anyio
async def test_what_was_told_is_kept(make: Callable[..., Analytics]) -> None:
    await make(second(10, [1000]), second(8 * 86_400, [1000])).collect()
    [row] = await asked(make(), "sum { requests }")
    assert row["sum"]["requests"] == 1, "for a week, in the file"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("{ viewer { zones { zoneTag } } }", 400, 'unknown field "zones"'),
        ("{ viewer { accounts { accountTag { x } } } }", 400, "scalar fields must have no selections"),
        ("{ viewer { accounts } }", 400, "object field must have selections"),
        ("{ viewer", 400, "query contains error, please review it and retry"),
        ("mutation { viewer { accounts { accountTag } } }", 400, "query contains error, please review it and retry"),
        ('{ viewer { accounts(filter: {accountTag: "b"}) { accountTag } } }', 403, "not authorized for that account"),
        (
            limited("limit: 10001"),
            400,
            "limit must be positive number and not greater than 10000",
        ),
        (
            limited('limit: 1, filter: {date_geq: "2026-01-01"}'),
            400,
            "cannot request data older than 12w6d",
        ),
        (
            limited('limit: 1, filter: {datetime_geq: "soon"}'),
            400,
            "error parsing args for \"workersInvocationsAdaptive\": 'soon' is no time",
        ),
    ],
)
async def test_what_is_refused_is_refused_in_cloudflares_words(
    analytics: Analytics, query: str, status: int, message: str
) -> None:
    request = Request("POST", "/client/v4/graphql", "", [], json.dumps({"query": query}).encode(), "")
    answer = await AnalyticsResponses(analytics).answer(Call(request, {}, {}))
    body = json.loads(answer.body)
    assert (answer.status, body["data"], body["errors"][0]["message"]) == (status, None, message)
    assert body["errors"][0]["extensions"]["timestamp"].endswith("Z")
