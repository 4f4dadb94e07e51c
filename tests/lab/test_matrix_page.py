"""The matrix as a page: every row in it, and the page of the documentation made from it."""

import datetime
from pathlib import Path

import pytest

from lab.__main__ import main
from lab.matrix import Row, read_matrix
from lab.matrix_page import page

DOCUMENT = Path(__file__).parents[2] / "docs" / "matrix.md"


def test_the_page_of_the_documentation_is_what_the_word_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["matrix"]) == 0
    printed = capsys.readouterr().out
    assert DOCUMENT.read_text() == printed, "python -m lab matrix > docs/matrix.md"
    rows = [line for line in printed.splitlines() if line.startswith("| ") and not line.startswith("| |")]
    assert len(rows) == len(read_matrix())


def test_one_capability_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["matrix", "--capability", "queues"]) == 0
    printed = capsys.readouterr().out
    assert [line for line in printed.splitlines() if line.startswith("## ")] == ["## queues"]
    assert "No stack has this capability yet" in printed


def test_a_row_keeps_its_cells() -> None:
    row = Row(
        capability="state",
        id="a-b",
        aws="One | two.",
        cloudflare="Three.",
        difference="none",
        sources=("https://a.example/", "https://b.example/"),
        visible=True,
        checked=datetime.date(2026, 11, 28),
    )
    assert page([row]).splitlines()[-1] == (
        "| a b (**visible**) | One \\| two. | Three. | none "
        "| [1](https://a.example/) [2](https://b.example/), 2026-11-28 |"
    )
