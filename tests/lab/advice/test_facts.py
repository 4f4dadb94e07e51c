"""Facts: each with its source, none in the rules themselves, and another cloud is one more file."""

from __future__ import annotations

import ast
import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest

import lab.advice
from lab.advice.facts import FACTS as FILE
from lab.advice.facts import ColdStart, Fact, Lack, Limit, Service, Trait, read_facts
from lab.errors import InvalidWorkloadError
from tests.lab.advice.known import FACTS, TODAY, advised, workload

RULES = Path(lab.advice.__file__).parent
# p99 is the name of a quantile; ISO dates and the like do not occur.
_FIGURE = re.compile(r"(?<![a-z\d])\d")


def written() -> list[tuple[str, int, str]]:
    """Every text in rules and patterns that is shown to people: no docstrings, no names of facts or formats."""
    found = []
    for path in sorted([*(RULES / "rules").glob("*.py"), *(RULES / "patterns").glob("*.py")]):
        tree = ast.parse(path.read_text())
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        formats = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.FormattedValue) and node.format_spec
            for part in ast.walk(node.format_spec)
        }  # fmt: skip
        found += [
            (path.name, node.lineno, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and id(node) not in formats
        ]
    return found


def test_no_figure_stands_in_a_rule() -> None:
    assert len(written()) > 200
    assert [place for place in written() if _FIGURE.search(place[2])] == []


def test_rules_show_the_figures_of_the_facts() -> None:
    slower = replace(
        FACTS,
        limits=tuple(replace(each, at_most=each.at_most * 7) for each in FACTS.limits),
        facts={name: replace(each, value=each.value * 7) for name, each in FACTS.facts.items()},
        cold_starts=tuple(replace(each, mean_ms=each.mean_ms * 7) for each in FACTS.cold_starts),
    )
    said = {
        "users": "worldwide", "typical_ms": 20, "p99_ms": 10, "job_s": 9000, "calls": 4, "package_mb": 60,
        "connecting": "each-request",
    }  # fmt: skip
    before, after = advised(workload(), said), advised(workload(), said, facts=slower)

    for rule, figure, other in (
        ("strict-p99", "855 ms", "5,985 ms"),
        ("batch", "900 s", "6,300 s"),
        ("worldwide", "takes 200 ms", "takes 28.6 ms"),
        ("avoid-chain", "30 s", "210 s"),
        ("avoid-large-package", "2,502 ms", "17,514 ms"),
        ("avoid-connections", "100 connections", "700 connections"),
    ):
        assert figure in " ".join(before[rule].because)
        assert other in " ".join(after[rule].because)


def test_every_fact_has_a_source_and_a_day_that_has_been() -> None:
    sourced: list[Fact | Limit | Lack | ColdStart | Trait | Service] = [
        *FACTS.facts.values(), *FACTS.limits, *FACTS.lacks, *FACTS.cold_starts, *FACTS.traits.values(), *FACTS.services
    ]  # fmt: skip
    assert len(sourced) > 25
    assert all(each.source.startswith("https://") for each in sourced)
    assert all(datetime.date(2024, 1, 1) < each.date <= TODAY for each in sourced)


def test_what_only_the_table_draws_says_so() -> None:
    assert "The line is the table's own" in " ".join(advised(workload(peak=12))["spiky"].because)


def test_the_edge_functions_of_vercel_are_said_to_be_deprecated() -> None:
    found = advised(workload(), {"users": "worldwide", "typical_ms": 60})["worldwide"]

    assert any("Edge Functions" in sentence and "deprecated" in sentence for sentence in found.because)
    assert "https://vercel.com/docs/functions/runtimes/edge/edge-functions" in found.sources


def test_another_cloud_is_one_more_file(tmp_path: Path) -> None:
    more = tmp_path / "nimbus.toml"
    more.write_text("""
[[trait]]
platform = "nimbus"
short = "Nimbus"
reach = "edge"
source = "https://nimbus.example/"
date = 2026-11-01

[[limit]]
platform = "nimbus"
of = "request_s"
at_most = 5
unit = "s"
text = "Nimbus waits {value}"
source = "https://nimbus.example/limits"
date = 2026-11-01
""")
    facts = read_facts([more])

    assert facts.traits.keys() == {*FACTS.traits, "nimbus"}
    assert facts.limits[-1].at_most == 5
    assert len(facts.limits) == len(FACTS.limits) + 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('reach = "edge"', 'reach = "moon"'), "trait 1: reach is 'moon'; valid: edge, region"),
        (('platform = "nimbus"', 'cloud = "nimbus"'), "trait 1: missing or unknown: cloud, platform; it has platform,"),
        (("https://", "http://"), "trait 1: its source must be an https:// address"),
        (("2026-11-01", '"soon"'), "trait 1: date is 'soon'; it is a datetime.date"),
        (("[[trait]]", "[[traits]]"), "unknown: traits; valid: fact, line, limit"),
        (("[[trait]]", "[[trait"), "are no TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_valid(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    good = (
        '[[trait]]\nplatform = "nimbus"\nshort = "N"\nreach = "edge"\nsource = "https://n.example"\ndate = 2026-11-01\n'
    )
    path = tmp_path / "nimbus.toml"
    path.write_text(good)
    assert read_facts([path]).traits["nimbus"].short == "N"

    path.write_text(good.replace(*change))
    with pytest.raises(InvalidWorkloadError) as raised:
        read_facts([path])
    assert said in str(raised.value)


def test_the_lab_s_own_file_is_read_as_it_stands() -> None:
    assert FILE.read_text().count("[[") - FILE.read_text().count("# [[") == sum(
        map(len, (FACTS.facts, FACTS.lines, FACTS.limits, FACTS.lacks, FACTS.cold_starts, FACTS.traits, FACTS.services))
    )
