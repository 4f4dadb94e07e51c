"""What Lambda's own lines say, on lines that vendors' pages show."""

import asyncio
import datetime
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lab.errors import UsageUnavailableError
from lab.usage.lambda_reports import LambdaReports, usage
from lab.usage.report_lines import Report, reports

# The form of https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html, a warm run and one with initialisation.
WARM = (
    "REPORT RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95\tDuration: 15.74 ms\tBilled Duration: 16 ms\t"
    "Memory Size: 128 MB\tMax Memory Used: 56 MB\t\n"
)
COLD = WARM.rstrip("\n") + "Init Duration: 130.49 ms\t\n"
# A restored run as in the README of aws-samples/serverless-patterns and others.
RESTORED = (
    "REPORT RequestId: 8c360c87-d4b7-4423-b5f3-af02be3c1763\tDuration: 2338.66 ms\tBilled Duration: 2521 ms\t"
    "Memory Size: 3009 MB\tMax Memory Used: 173 MB\tRestore Duration: 398.97 ms\tBilled Restore Duration: 182 ms\t\n"
)
# https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html (platform.report)
JSON = json.dumps(
    {
        "time": "2022-10-12T00:01:15.000Z",
        "type": "platform.report",
        "record": {
            "metrics": {
                "billedDurationMs": 694, "durationMs": 693.92, "initDurationMs": 397.68,
                "maxMemoryUsedMB": 84, "memorySizeMB": 128,
            },
            "requestId": "6d68ca91-49c9-448d-89b8-7ca3e6dc66aa",
        },
    }
)  # fmt: skip
OTHERS = (
    "START RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95 Version: 3\n",
    "I printed REPORT RequestId: x\tDuration: 1 ms",
    '{"type": "mine", "text": "platform.report"}',
    '{"broken": "platform.report"',
    "REPORT RequestId: x\tStatus: timeout",
)


def test_each_form_of_a_report_is_read_and_no_other_line() -> None:
    assert list(reports([*OTHERS, WARM, COLD, RESTORED, JSON])) == [
        Report(duration_ms=15.74, billed_ms=16, memory_mb=128, used_mb=56),
        Report(duration_ms=15.74, billed_ms=16, memory_mb=128, used_mb=56, init_ms=130.49),
        Report(
            duration_ms=2338.66, billed_ms=2521, memory_mb=3009, used_mb=173, restore_ms=398.97, billed_restore_ms=182
        ),
        Report(duration_ms=693.92, billed_ms=694, memory_mb=128, used_mb=84, init_ms=397.68),
    ]


def test_the_cost_model_gets_means_and_the_report_the_rest() -> None:
    found = usage("aws", tuple(reports([WARM, WARM, COLD, RESTORED])), "here")
    assert found is not None
    assert (found.requests, found.source) == (4, "here")
    assert found.figures == pytest.approx(
        {"wall_ms": (3 * 15.74 + 2338.66) / 4, "memory_mb": (3 * 128 + 3009) / 4, "init_ms": 130.49}
    )
    assert found.notes == (
        "aws: 642.2 ms were billed for a run in the mean, and at most 173 of 3009 MB used.",
        "aws: instances restored from a snapshot: 1, 399 ms each in the median.",
        "aws: of a restore, 182 ms were billed in the median.",
        "aws: instances initialised: 1, 130 ms each in the median.",
    )


def test_no_run_is_no_usage() -> None:
    assert usage("aws", (), "here") is None


NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


class Logs:
    """CloudWatch Logs in memory, a line a page."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        self.asked: list[dict[str, Any]] = []

    def filter_log_events(self, **question: Any) -> dict[str, Any]:
        self.asked.append(question.copy())
        at = int(question.get("nextToken", 0))
        following = {"nextToken": str(at + 1)} if at + 1 < len(self.lines) else {}
        return {"events": [{"message": self.lines[at]}], **following}


def read(client: Any) -> Any:
    source = LambdaReports("/aws/lambda/f", lambda: client)
    return asyncio.run(source.read("aws", NOON, NOON + datetime.timedelta(seconds=90)))


def test_all_pages_of_the_time_are_read() -> None:
    logs = Logs(WARM, OTHERS[0], COLD)
    assert read(logs).requests == 2
    first = logs.asked[0]
    assert (first["logGroupName"], first["endTime"] - first["startTime"]) == ("/aws/lambda/f", 90_001)
    assert [question.get("nextToken") for question in logs.asked] == [None, "1", "2"]


def test_what_aws_says_is_the_error() -> None:
    class Denied:
        def filter_log_events(self, **_: Any) -> None:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "no such group"}}, "F")

    with pytest.raises(UsageUnavailableError, match="no such group"):
        read(Denied())
