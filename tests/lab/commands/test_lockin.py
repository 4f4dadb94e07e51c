"""`python -m lab lockin`: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.__main__ import main
from tests.lab.lockin.tree import export, tree

FILES = {
    "app.py": "def f(e):\n    return e['requestContext']\n",
    "store.py": "import boto3\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tree(tmp_path / "shop", FILES))


def test_figures_and_leaks_are_printed(folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = export(tmp_path / "state.json", {"type": "aws:dynamodb/table:Table", "outputs": {"secret": "MARKER"}})
    assert main(["lockin", folder, "--state", str(state)]) == 0
    printed = capsys.readouterr().out
    for said in (
        "66.7 %",
        "app.py:2 `requestContext`",
        "dynamodb Table as",
        "There is no lockin.toml",
        "portable lines /",
    ):
        assert said in printed, said
    assert "MARKER" not in printed


def test_json_is_all_of_it(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lockin", folder, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["portable_lines"] == 2
    assert found["leaks"] == [
        {"path": "app.py", "line": 2, "what": found["leaks"][0]["what"]},
    ]


@pytest.mark.parametrize(("most", "code"), [("0", 1), ("1", 0)])
def test_more_leaks_than_allowed_end_with_1(
    folder: str, most: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lockin", folder, "--max-leaks", most]) == code
    assert ("1 leak in portable code, 0 allowed" in capsys.readouterr().err) == bool(code)


def test_a_number_of_leaks_is_a_number(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lockin", folder, "--max-leaks", "-1"])
    assert ended.value.code == 2
    assert "0 or more" in capsys.readouterr().err


def test_a_wrong_state_ends_with_2(folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lockin", folder, "--state", str(tmp_path / "none.json")]) == 2
    assert "[InvalidState]" in capsys.readouterr().err
