"""What Cloudflare's GraphQL API says, in answers of the form that its documentation and clients show."""

import asyncio
import datetime
import json
from typing import Any

import httpx
import pytest

from lab.errors import UsageUnavailableError
from lab.usage.words import SOURCES
from lab.usage.worker_analytics import WorkerAnalytics

NOON = datetime.datetime(2026, 11, 20, 12, 0, 30, 500_000, tzinfo=datetime.UTC)


def rows(*found: Any) -> dict[str, Any]:
    # https://developers.cloudflare.com/analytics/graphql-api/tutorials/querying-workers-metrics/ (the answer there)
    return {"data": {"viewer": {"accounts": [{"workersInvocationsAdaptive": list(found)}]}}, "errors": None}


ROW: dict[str, Any] = {
    "sum": {"requests": 400, "errors": 2, "cpuTimeUs": 1_000_000, "wallTime": 6_000_000},
    "quantiles": {"cpuTimeP50": 2100.0, "cpuTimeP99": 9000.0},
}


def read(answer: dict[str, Any] | str, status: int = 200, asked: list[httpx.Request] | None = None) -> Any:
    def handle(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request)
        return httpx.Response(status, **({"text": answer} if isinstance(answer, str) else {"json": answer}))

    analytics = WorkerAnalytics("acc", "api", httpx.MockTransport(handle))
    return asyncio.run(analytics.read("cloudflare", NOON, NOON + datetime.timedelta(minutes=2)))


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "t0ken")


def test_means_are_sums_over_requests_and_microseconds_become_milliseconds() -> None:
    found = read(rows(ROW))
    assert found.requests == 400
    assert found.figures == {"cpu_ms": 2.5, "wall_ms": 15.0}
    assert found.notes == (
        "cloudflare: 2.1 ms of processor time in the median and 9.0 ms at p99; 2 invocations failed.",
    )


def test_the_script_and_the_time_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", "http://127.0.0.1:1/client/v4/")
    asked: list[httpx.Request] = []
    read(rows(ROW), asked=asked)
    [request] = asked
    assert str(request.url) == "http://127.0.0.1:1/client/v4/graphql"
    assert request.headers["authorization"] == "Bearer t0ken"
    assert json.loads(request.content)["variables"] == {
        "account": "acc",
        "script": "api",
        "since": "2026-11-20T12:00:30Z",
        "until": "2026-11-20T12:02:30Z",
    }


@pytest.mark.parametrize("found", [(), ({**ROW, "sum": {**ROW["sum"], "requests": 0}},)])
def test_nothing_recorded_is_no_usage(found: Any) -> None:
    assert read(rows(*found)) is None


# https://developers.cloudflare.com/analytics/graphql-api/errors/
@pytest.mark.parametrize("status", [200, 403])
def test_an_error_is_told_whatever_its_status(status: int) -> None:
    refused = {"data": None, "errors": [{"message": "not authorized for that account", "path": None}]}
    with pytest.raises(UsageUnavailableError, match="not authorized for that account") as error:
        read(refused, status)
    assert "t0ken" not in str(error.value)


def test_an_answer_that_is_no_json_is_told() -> None:
    with pytest.raises(UsageUnavailableError, match="status 502"):
        read("<html>", 502)


@pytest.mark.parametrize("words", ["", "lambda-reports", "worker-analytics:a", "teleport:1"])
def test_a_word_that_is_none_is_refused_with_what_is_valid(words: str) -> None:
    with pytest.raises(UsageUnavailableError) as refused:
        SOURCES.chosen(words)
    assert any(form in str(refused.value) for form, _ in SOURCES.forms.values())
