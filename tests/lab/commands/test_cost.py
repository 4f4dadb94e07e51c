"""`python -m lab cost`: prices a workload for people and for programs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.__main__ import main
from lab.report.write import write
from tests.lab.report import sample

THIRD = Path(__file__).parents[1] / "cost" / "third_cloud.toml"
DAY = ["--today", "2026-11-28"]


def found(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["cost", *DAY, "--json", *words]) == 0
    content: dict[str, Any] = json.loads(capsys.readouterr().out)
    return content


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["cost", *DAY, *words]) == 0
    return " ".join(capsys.readouterr().out.split())


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["cost", *DAY, *words]) == 2
    return capsys.readouterr().err


def test_shows_bills_side_by_side_with_their_doubts_sources_and_crossings(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "--platform", "aws", "--platform", "fargate", "--messages", "5000000")

    assert "serverless: USD a month for 5 M requests, free amounts taken off" in text
    assert "always-on: USD a month for 5 M requests, free amounts taken off" in text
    assert "HTTP API requests" in text
    assert "16.43" in text
    assert "1.00?" in text
    assert "queues (not deployed yet)" in text
    assert "https://aws.amazon.com/kms/pricing/ 2024-07-01 ? old: of 2024-07-01" in text
    assert "aws or fargate: aws is cheaper below" in text
    assert "fargate: At least two tasks, for availability" in text
    assert "Given: messages 5,000,000" in text


def test_shows_each_bill_in_full(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    text = said(capsys, "--full", "--platform", "cloudflare")

    assert "Cloudflare Workers (Paid plan), global" in text
    assert "0.30 per 1 M requests" in text


def test_as_json_everything_is_there_for_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    content = found(capsys, "--requests", "20000000", "--free", "none", "--set", "aws.wall_ms=80")

    assert content["workload"]["requests"] == 20_000_000
    assert (content["workload"]["aws.wall_ms"], content["origin"]["aws.wall_ms"]) == (80, "given")
    assert (content["workload"]["free"], content["workload"]["options"]) == ("none", "snapstart")
    for bill in content["bills"]:
        assert bill["total"] == pytest.approx(sum(line["amount"] for line in bill["lines"]))
    assert len({curve["platform"] for curve in content["curves"]}) == len(content["bills"])
    assert content["break_even"]


def test_a_third_cloud_is_one_more_file(capsys: pytest.CaptureFixture[str]) -> None:
    content = found(capsys, "--prices", str(THIRD), "--platform", "nimbus", "--platform", "aws")

    assert [bill["platform"] for bill in content["bills"]] == ["aws", "nimbus"]


def test_what_a_comparison_measured_is_used_unless_the_user_says_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = sample.full()
    assert report.cost is not None
    measured = replace(
        report.cost,
        workload={"aws.wall_ms": 21.5, "cpu_ms": 3.25, "init_ms": 700.0, "requests": 9.0},
        origin={"aws.wall_ms": "measured", "cpu_ms": "measured", "init_ms": "measured", "requests": "given"},
    )
    write(replace(report, cost=measured), tmp_path)

    content = found(capsys, "--measured", str(tmp_path), "--init-ms", "800", "--platform", "aws")

    figures, origins = content["workload"], content["origin"]
    assert (figures["aws.wall_ms"], figures["cpu_ms"], figures["init_ms"]) == (21.5, 3.25, 800)
    assert (origins["aws.wall_ms"], origins["cpu_ms"], origins["init_ms"]) == ("measured", "measured", "given")
    assert (figures["requests"], origins["requests"]) == (5_000_000, "assumed")


def test_a_report_without_measured_figures_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(replace(sample.partial(), cost=None), tmp_path)

    assert "holds no measured figure" in refused(capsys, "--measured", str(tmp_path))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--platform", "gcp"], "it has aws, cloudflare, fargate"),
        (["--option", "x87"], "no option x87; the price table has x86"),
        (["--set", "wall_ms=3"], "write the platform first, as in aws.wall_ms=12.5"),
        (["--set", "aws.wall_ms=soon"], "write it as aws.wall_ms=12.5"),
        (["--set", "aws.walls=3"], "no figure 'walls'; valid: requests, wall_ms"),
        (["--shape", "round"], "no shape 'round'; valid: flat, business, spiky"),
        (["--cold-share", "2"], "cold_share is 2; it is a share, 0 to 1"),
        (["--requests=-1"], "requests is -1"),
        (["--workload", "nobody"], "one of parallax"),
        (["--prices", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["--measured", "nowhere"], "does not exist"),
    ],
)
def test_says_what_is_wrong_and_what_would_be_right(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert says in refused(capsys, *words)


def test_options_of_the_workload_can_be_replaced_by_none(capsys: pytest.CaptureFixture[str]) -> None:
    content = found(capsys, "--option", "none", "--platform", "aws")

    assert all("SnapStart" not in line["dimension"] for line in content["bills"][0]["lines"])


def test_figures_for_a_platform_without_prices_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    content = found(capsys, "--set", "gcp.wall_ms=3", "--platform", "aws")

    assert content["notes"][-1].startswith("What holds for gcp alone was not used")


def test_lists_the_words_of_price_tables(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "--measures")

    assert "gb_seconds" in text
    assert "cpu_cores: processors busy" in text
    assert "--option x86: Lambda on x86 instead of arm64" in text
