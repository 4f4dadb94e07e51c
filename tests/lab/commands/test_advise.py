"""`python -m lab advise`: for people, for programs, and with questions on a terminal."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.__main__ import main
from lab.report.write import write
from tests.lab.report import sample

THIRD = Path(__file__).parents[1] / "cost" / "third_cloud.toml"
DAY = ["--today", "2026-11-28"]
PAIR = ["--platform", "aws", "--platform", "fargate"]


def found(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["advise", *DAY, "--json", *words]) == 0
    return {each["rule"]: each for each in json.loads(capsys.readouterr().out)}


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["advise", *DAY, *words]) == 0
    return capsys.readouterr().out


def test_the_verdict_stands_first_then_rules_figures_and_what_was_assumed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    text = said(capsys, *PAIR, "--requests", "300000000", "--native", "yes")

    assert max(map(len, text.splitlines())) == 100
    assert "Always-on: AWS Fargate (arm64) behind a load balancer." in text.splitlines()[1]
    flat = " ".join(text.split())
    assert "Break-even with Lambda: aws is cheaper below" in flat
    assert "Serverless is the cheaper kind below" in flat
    assert "Rules that do not apply Vendor neutrality is required" in flat
    assert "Neutrality is not asked for." in flat
    assert "https://aws.amazon.com/api-gateway/pricing/" in flat
    assert "Given: requests 300,000,000, native yes." in flat
    assert "p99_ms unknown" in flat.partition("Assumed: ")[2]


def test_the_same_file_serves_cost_and_advise(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('requests = 1_000_000\n[advice]\nneutrality = "required"\n')

    assert main(["cost", *DAY, "--json", "--workload", str(file), *PAIR]) == 0
    assert json.loads(capsys.readouterr().out)["workload"]["requests"] == 1_000_000
    advice = found(capsys, "--workload", str(file), *PAIR)
    assert advice["neutrality"]["applies"]
    assert not found(capsys, "--workload", str(file), "--neutrality", "no", *PAIR)["neutrality"]["applies"]


def test_json_has_every_rule_with_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    advice = found(capsys, *PAIR)

    assert next(iter(advice)) == "verdict"
    assert {"steady", "spiky", "state", "batch", "avoid-polling"} <= advice.keys()
    assert all(each["sources"] and each["because"] and each["changes"] for each in advice.values())


def test_a_sharper_peak_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert "12 times" in found(capsys, *PAIR, "--peak-factor", "12")["spiky"]["because"][0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--users", "mars"], "users is 'mars'; valid: one-region, continent, worldwide [InvalidWorkload]"),
        (["--p99-ms", "fast"], "p99_ms is 'fast'; it is a number, in ms"),
        (["--platform", "moon"], "no platform moon; the price table has aws, cloudflare"),
        (["--peak-factor", "0"], "the least is 1"),
        (["--workload", "nobody"], "there is no workload 'nobody'"),
        (["--measured", "nowhere"], "[InvalidResults]"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_valid(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert main(["advise", *words]) == 2
    assert message in capsys.readouterr().err


def test_an_earlier_comparison_is_shown_and_labelled(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write(replace(sample.full(), cost=None), tmp_path)

    because = found(capsys, "--measured", str(tmp_path), "--p99-ms", "100")["strict-p99"]["because"]

    assert [sentence for sentence in because if "Measured on aws (emulator): p99" in sentence]


def test_a_third_cloud_needs_a_price_table_and_its_facts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text(
        '[[trait]]\nplatform = "nimbus"\nshort = "Nimbus"\nreach = "edge"\n'
        'source = "https://nimbus.example/"\ndate = 2026-11-01\n'
    )
    only = ["--platform", "nimbus", "--platform", "nimbus-box"]

    advice = found(capsys, "--prices", str(THIRD), "--facts", str(facts), "--option", "none", *only)

    assert advice["verdict"]["choose"].startswith(("Serverless: Nimbus.", "Always-on: Nimbus boxes."))
    assert "Nimbus" in advice["steady"]["because"][0]


def test_without_flags_on_a_terminal_it_asks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter(["1000", "", "", "2", "no", "one-region", "", "", "", "", "required", ""])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: next(lines))

    assert main(["advise"]) == 0
    text = " ".join(re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out).split())

    assert "Not serverless: a container that runs anywhere." in text
    assert (
        "Given: requests 1,000, shape business, shape_peak 2, predictable no, users one-region, neutrality required."
        in text
    )
    assert next(lines, None) is None


def test_an_end_of_input_leaves_the_rest_to_the_defaults(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(_: str) -> str:
        raise EOFError

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", ended)

    assert main(["advise"]) == 0
    assert "Given:" not in capsys.readouterr().out


def test_with_no_questions_it_asks_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: pytest.fail("asked"))

    assert "Verdict" in said(capsys, "--no-questions", *PAIR)
