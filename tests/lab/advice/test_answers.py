"""Answers: defaults, what is refused and what is valid, the file they share with the workload, and the questions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from lab.advice.answers import ANSWERS, Answers, answers, parse
from lab.advice.answers_file import read_answers
from lab.advice.questions import Said, ask
from lab.cost.layers import together
from lab.cost.workload import FIGURES
from lab.cost.workload_file import read_workload
from lab.errors import InvalidWorkloadError
from tests.lab.advice.known import workload

FILE = """
requests = 7_000_000
shape = "spiky"

[advice]
users = "worldwide"
p99_ms = 250
predictable = false
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(FILE)
    return path


def test_names_mean_one_thing_in_the_file_and_on_the_command_line() -> None:
    assert ANSWERS.keys().isdisjoint(FIGURES)


def test_the_same_file_says_the_work_and_the_rest(file: Path) -> None:
    work = together([read_workload(str(file))])

    assert (work.requests, work.shape.name) == (7_000_000, "spiky")
    found = answers(read_answers(str(file)))
    assert (found.users, found.p99_ms, found.predictable) == ("worldwide", 250, False)
    assert found.given == {"users", "p99_ms", "predictable"}
    assert found.neutrality == Answers().neutrality


def test_a_file_without_the_table_leaves_all_to_the_defaults() -> None:
    assert answers(read_answers("parallax")) == Answers()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"users": "mars"}, "users is 'mars'; valid: one-region, continent, worldwide"),
        ({"predictable": "maybe"}, "predictable is 'maybe'; valid: true, false"),
        ({"p99_ms": -1}, "p99_ms is -1; it is a number, 0 or more, in ms"),
        ({"longest_s": float("inf")}, "longest_s is inf; it is a number, 0 or more, in s"),
        ({"p99": 1}, "advice knows nothing of p99; valid: predictable, users"),
    ],
)
def test_a_wrong_answer_is_refused_with_what_is_valid(said: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidWorkloadError) as raised:
        answers(said)
    assert message in str(raised.value)


def test_an_unknown_key_in_the_file_is_refused_with_those_that_are_known(file: Path) -> None:
    file.write_text(FILE.replace("p99_ms", "p99"))

    with pytest.raises(InvalidWorkloadError, match=r"mine\.toml, \[advice\] has the unknown p99; valid: predictable"):
        read_answers(str(file))


@pytest.mark.parametrize(
    ("name", "text", "value"), [("native", "yes", True), ("native", "n", False), ("job_s", "9", 9)]
)
def test_what_is_typed_becomes_an_answer(name: str, text: str, value: object) -> None:
    assert parse(ANSWERS[name], text) == value


def asked(lines: Iterable[str]) -> tuple[Said, list[str], list[str]]:
    prompts: list[str] = []
    told: list[str] = []
    given = iter(lines)

    def read(prompt: str) -> str:
        prompts.append(prompt)
        return next(given, "")

    return ask(workload(), read, told.append), prompts, told


def test_questions_are_few_and_an_empty_line_takes_the_default() -> None:
    said, prompts, told = asked([])

    assert (said.figures, said.peak, said.answers, told) == ({}, None, {}, [])
    assert len(prompts) == 12
    assert prompts[0] == "How many requests come in a month? (a month) [1,000,000] "
    assert prompts[5] == "Where are the users? (one-region/continent/worldwide) [one-region] "


def test_a_wrong_line_is_told_and_asked_again() -> None:
    said, prompts, told = asked(["many", "2,000,000"])

    assert said.figures == {"requests": 2_000_000}
    assert told == ["requests is 'many'; it is a number, in a month"]
    assert prompts[0] == prompts[1]


def test_a_question_comes_only_where_its_answer_matters() -> None:
    _, before, _ = asked([])
    said, after, _ = asked(["", "", "", "3", "no", "worldwide", "80", "", "", "1200", "no"])

    assert said.peak == 3
    assert said.answers == {
        "predictable": False, "users": "worldwide", "typical_ms": 80, "job_s": 1200, "job_steps": False
    }  # fmt: skip
    assert {ANSWERS[name].question for name in ("typical_ms", "job_steps")} == {
        prompt.partition("?")[0] + "?" for prompt in set(after) - set(before)
    }
