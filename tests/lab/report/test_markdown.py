"""The text for a pull request: short, and only ever text."""

import re
from dataclasses import replace

from lab.report.changes import changes
from lab.report.markdown import markdown
from tests.lab.report import sample


def test_has_quantiles_differences_costs_and_shares() -> None:
    text = markdown(sample.full())
    assert (
        "| root | 10/s on 4 | p50 | 6.56 ms (6.43 to 6.72) | 4.20 ms (4.12 to 4.30) | **cloudflare** faster by" in text
    )
    assert "| item-write | 10/s on 4 | p99 |" in text
    assert "| no difference shown |" in text
    assert "| aws (emulator) | cloudflare (emulator) |" in text
    assert "| aws, serverless | us-east-1 | 2.35 USD | 1 |" in text
    assert "| aws | 70.7 % | 612 | 3 |" in text
    assert len(text.splitlines()) < 60


def test_says_first_that_it_is_partial() -> None:
    text = markdown(sample.partial())
    assert text.index("> [!WARNING]\n> - This report is partial.") < 60
    assert "fewer than 20 samples" in text


def test_changes_are_shown_and_counted() -> None:
    full = sample.full()
    text = markdown(sample.slower(full, "aws", 1.5), changes(full, sample.slower(full, "aws", 1.5)))
    assert "**worse** +3.28 ms" in text
    assert "No change shown in" in text


def test_nothing_that_was_measured_becomes_markup() -> None:
    report = sample.down()
    assert report.latency is not None
    evil = "](http://x) <img src=x> @everyone | `a` **b**\n# head"
    target = replace(report.latency.targets[0], problems=(evil,))
    text = markdown(replace(report, title=evil, latency=replace(report.latency, targets=(target,))))
    assert not re.search(r"(?<!\\)[]<|`*]", _without_own_markup(text))
    assert "@everyone" not in text
    assert "\n# head" not in text


def _without_own_markup(text: str) -> str:
    return text.replace("**Latency.**", "").replace("<sub>", "").replace("</sub>", "").replace("> [!WARNING]", "")
