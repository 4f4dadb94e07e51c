"""`lambda-reports:LOG GROUP`: what AWS Lambda writes into the log after each run, in text or in JSON.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html (REPORT), telemetry-schema-reference.html there
(platform.report) and snapstart-monitoring.html (restores). The caller needs logs:FilterLogEvents on the group.
"""

from __future__ import annotations

import asyncio
import datetime
import statistics
from collections.abc import Callable, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from lab.errors import UsageUnavailableError
from lab.usage.report_lines import Report, reports
from lab.usage.usage import Usage

_PATTERN: Final = '?"REPORT RequestId" ?"platform.report"'
_MOST_LINES: Final = 200_000
_A_PAGE: Final = 10_000


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
        return usage(target, tuple(reports(lines)), f"{self._group} in CloudWatch Logs")

    def _lines(self, since: datetime.datetime, until: datetime.datetime) -> list[str]:
        """The first _MOST_LINES."""
        question: dict[str, Any] = {
            "logGroupName": self._group,
            "filterPattern": _PATTERN,
            "startTime": int(since.timestamp() * 1000),
            "endTime": int(until.timestamp() * 1000) + 1,
            "limit": _A_PAGE,
        }
        client = self._connect()
        lines: list[str] = []
        while len(lines) < _MOST_LINES:
            page = client.filter_log_events(**question)
            lines += [event["message"] for event in page["events"]]
            if not page.get("nextToken"):
                break
            question["nextToken"] = page["nextToken"]
        return lines


def usage(target: str, found: Sequence[Report], source: str) -> Usage | None:
    """None where there are no runs. What Lambda bills is time on the wall: how much of it was computing it does not
    say.
    """
    if not found:
        return None
    figures = {
        "wall_ms": statistics.fmean(one.duration_ms for one in found),
        "memory_mb": statistics.fmean(one.memory_mb for one in found),
    }
    if starts := [one.init_ms for one in found if one.init_ms is not None]:
        figures["init_ms"] = statistics.fmean(starts)
    return Usage(target=target, requests=len(found), figures=figures, source=source, notes=tuple(_notes(target, found)))


def _notes(target: str, found: Sequence[Report]) -> list[str]:
    used, memory = max(one.used_mb for one in found), max(one.memory_mb for one in found)
    billed = statistics.fmean(one.billed_ms for one in found)
    notes = [
        f"{target}: {billed:,.1f} ms were billed for a run in the mean, and at most {used:g} of {memory:g} MB used."
    ]
    restored = [one for one in found if one.restore_ms is not None]
    if restored:
        notes.append(_started(target, "restored from a snapshot", [one.restore_ms or 0.0 for one in restored]))
        if paid := [one.billed_restore_ms for one in restored if one.billed_restore_ms is not None]:
            notes.append(f"{target}: of a restore, {statistics.median(paid):g} ms were billed in the median.")
    if starts := [one.init_ms for one in found if one.init_ms is not None]:
        notes.append(_started(target, "initialised", starts))
    return notes


def _started(target: str, how: str, times: Sequence[float]) -> str:
    return f"{target}: instances {how}: {len(times):,}, {statistics.median(times):,.0f} ms each in the median."


def _client() -> Any:
    import boto3  # noqa: PLC0415 - nobody else waits for it

    return boto3.client("logs")
