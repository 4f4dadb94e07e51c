"""`lambda-reports:LOG GROUP`: the REPORT lines that AWS Lambda writes after each run.

In text or in JSON (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html). The caller
needs logs:FilterLogEvents on the group.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from lab.errors import UsageUnavailableError
from lab.usage.usage import Usage

_NUMBER: Final = re.compile(r"(Duration|Billed Duration|Memory Size|Max Memory Used|Init Duration): ([\d.]+) (?:ms|MB)")
_MOST_PAGES: Final = 20
_EVENTS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run: milliseconds, and megabytes; `init_ms` is 0 for a warm one."""

    duration_ms: float
    billed_ms: float
    memory_mb: float
    used_mb: float
    init_ms: float


class LambdaReports:
    """Implements Source."""

    def __init__(self, group: str, connect: Callable[[], Any] | None = None) -> None:
        self._group = group
        self._connect = connect or _client

    async def read(self, target: str, since: datetime.datetime, until: datetime.datetime) -> Usage | None:
        """Means over all runs of that time."""
        try:
            lines = await asyncio.to_thread(self._lines, since, until)
        except (BotoCoreError, ClientError) as error:
            raise UsageUnavailableError(f"CloudWatch Logs: {error}") from error
        return usage(target, list(reports(lines)), f"{self._group} in CloudWatch Logs")

    def _lines(self, since: datetime.datetime, until: datetime.datetime) -> list[str]:
        client = self._connect()
        lines: list[str] = []
        following: Mapping[str, str] = {}
        for _ in range(_MOST_PAGES):
            page = client.filter_log_events(
                logGroupName=self._group,
                startTime=int(since.timestamp() * 1000),
                endTime=int(until.timestamp() * 1000) + 1,
                limit=_EVENTS,
                **following,
            )
            lines += [event["message"] for event in page["events"]]
            if not page.get("nextToken"):
                break
            following = {"nextToken": page["nextToken"]}
        return lines


def reports(lines: Iterable[str]) -> Iterator[Report]:
    """Those among the lines of a log."""
    for line in lines:
        if line.startswith("REPORT "):
            numbers = {name: float(value) for name, value in _NUMBER.findall(line)}
            if numbers.keys() >= {"Duration", "Billed Duration", "Memory Size", "Max Memory Used"}:
                yield Report(
                    duration_ms=numbers["Duration"],
                    billed_ms=numbers["Billed Duration"],
                    memory_mb=numbers["Memory Size"],
                    used_mb=numbers["Max Memory Used"],
                    init_ms=numbers.get("Init Duration", 0.0),
                )
        elif line.startswith("{") and '"platform.report"' in line:
            metrics = json.loads(line)["record"]["metrics"]
            yield Report(
                duration_ms=metrics["durationMs"],
                billed_ms=metrics["billedDurationMs"],
                memory_mb=metrics["memorySizeMB"],
                used_mb=metrics["maxMemoryUsedMB"],
                init_ms=metrics.get("initDurationMs", 0.0),
            )


def usage(target: str, found: Sequence[Report], source: str) -> Usage | None:
    """What Lambda bills is the time on the wall: it does not say how much of it was computing."""
    if not found:
        return None
    figures = {
        "wall_ms": statistics.fmean(one.duration_ms for one in found),
        "memory_mb": statistics.fmean(one.memory_mb for one in found),
    }
    starts = [one.init_ms for one in found if one.init_ms]
    if starts:
        figures["init_ms"] = statistics.fmean(starts)
    return Usage(target=target, requests=len(found), figures=figures, source=source)


def _client() -> Any:
    import boto3  # noqa: PLC0415 - nobody else waits for it

    return boto3.client("logs")
