"""What is written into a folder, and read from it again."""

from pathlib import Path

import pytest

from lab.errors import InvalidResultsError
from lab.report.read import read
from lab.report.write import write
from tests.lab.report import sample


def test_a_folder_holds_page_text_and_data_and_nothing_else(tmp_path: Path) -> None:
    page = write(sample.partial(), tmp_path / "new" / "results")
    assert page == tmp_path / "new" / "results" / "report.html"
    assert sorted(path.name for path in page.parent.iterdir()) == ["report.html", "report.json", "report.md"]
    assert read(page.parent) == read(page.parent / "report.json") == sample.partial()


def test_equal_reports_are_equal_files(tmp_path: Path) -> None:
    one, two = (write(sample.partial(), tmp_path / name).parent for name in ("one", "two"))
    for name in ("report.html", "report.md", "report.json"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_a_write_that_fails_leaves_the_earlier_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(sample.partial(), tmp_path)
    before = (tmp_path / "report.json").read_bytes()

    def full_disk(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        write(sample.full(), tmp_path)
    assert (tmp_path / "report.json").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_without_a_report_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidResultsError, match=r"report\.json does not exist: name the folder"):
        read(tmp_path)
    (tmp_path / "report.json").mkdir()
    with pytest.raises(InvalidResultsError, match="cannot be read: Is a directory"):
        read(tmp_path)
