"""`python -m lab report`: shows again, holds against, and fails where a bound is broken."""

from pathlib import Path

import pytest

from lab.__main__ import main
from lab.report.write import write
from tests.lab.report import sample


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two results, the second slower on one target; pages are made anew by the tests."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, report in ((old, sample.partial()), (new, sample.slower(sample.partial(), "aws", 1.5))):
        write(report, folder)
        (folder / "report.html").unlink()
    return old, new


def test_makes_the_page_again_from_the_data_alone(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _, new = folders
    assert main(["report", str(new)]) == 0
    assert capsys.readouterr().out.strip() == str(new / "report.html")
    assert "Since last time" not in (new / "report.html").read_text()


def test_shows_what_changed_and_fails_on_it(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = folders
    rules = ["--fail-on", "p50 > +10%", "--fail-on", "error-rate > +10pp"]
    assert main(["report", str(new), "--against", str(old), "--output", str(tmp_path / "out"), *rules]) == 1
    said = capsys.readouterr().out
    assert "BROKEN: p50 > +10%: p50 aws, root at 10/s on 4: +50.0 %" in said
    assert "kept: error-rate > +10pp" in said
    assert "Since last time" in (tmp_path / "out" / "report.html").read_text()
    assert not (new / "report.html").exists()


def test_what_cannot_be_read_or_judged_ends_with_2(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _, new = folders
    assert main(["report", str(new), "--fail-on", "p98 > 1ms"]) == 2
    assert "[InvalidRule]" in capsys.readouterr().err
    assert main(["report", str(new / "nowhere")]) == 2
    assert "[InvalidResults]" in capsys.readouterr().err
    assert not (new / "report.html").exists()
