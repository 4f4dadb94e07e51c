"""docs/deciding.md says what the command says, word for word."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from lab.__main__ import main
from lab.advice.answers import ANSWERS, answers
from lab.advice.answers_file import read_answers
from lab.advice.patterns import PATTERNS
from lab.advice.table import RULES
from lab.cost.workload_file import read_workload

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "deciding.md").read_text()
COMMANDS = re.findall(r"```console\n\$ python -m lab (.*?)\n(.*?)\n…\n```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("command", "output"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_the_commands_of_the_page_say_this(
    command: str, output: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")

    # On the day of the page: prices are called old by that day.
    assert main([*shlex.split(command), "--today", "2026-11-28"]) == 0

    said = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert said[: len(output.splitlines())] == output.splitlines()


def test_the_page_shows_commands() -> None:
    assert len(COMMANDS) == PAGE.count("```console") >= 4


def test_the_table_of_the_page_is_the_table() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")
    ]
    told = {row[4].strip("`"): (row[0], row[1], row[3]) for row in rows if len(row) == 5 and row[0].isdigit()}

    ranked = [rule for rule in RULES if rule.rank]
    assert told == {rule.id: (str(number), rule.when, rule.rank) for number, rule in enumerate(ranked, 1)}
    assert all(f"`{rule.id}`" in PAGE for rule in (*RULES, *PATTERNS))


def test_every_answer_is_told() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, re.MULTILINE))

    assert rows == {
        name: answer.meaning + (f" ({answer.unit})" if answer.unit else "") for name, answer in ANSWERS.items()
    }


def test_the_file_of_the_page_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "page.toml"
    file.write_text(PAGE.partition("```toml\n")[2].partition("```")[0])

    assert read_workload(str(file)).figures["requests"] == 40_000_000
    assert answers(read_answers(str(file))).given == {"users", "p99_ms", "calls"}
