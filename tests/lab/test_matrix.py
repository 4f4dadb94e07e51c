"""The feature matrix: whole, sourced, and about capabilities that exist."""

import datetime
from pathlib import Path

import pytest

from components.capabilities import CAPABILITIES
from lab.matrix import MATRIX, MatrixError, read_matrix


def test_every_row_says_what_both_clouds_do_and_who_says_so() -> None:
    for row in read_matrix():
        assert row.capability in {"http_api", *CAPABILITIES}, row.id
        assert all(text.strip() for text in (row.aws, row.cloudflare, row.difference)), row.id
        assert len(row.sources) >= 2, f"{row.id}: a source for each cloud"
        assert any("aws.amazon.com" in source for source in row.sources), row.id
        assert any("cloudflare.com" in source for source in row.sources), row.id
        assert row.checked is None or row.checked <= datetime.datetime.now(datetime.UTC).date(), row.id


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('id = "model"', 'id = "The model"', "small letters"),
        ('id = "context-window"', 'id = "model"', "text_model has it twice"),
        ("visible = true", "seen = true", "missing or unknown: seen, visible"),
        ("https://developers", "http://developers", "each an https:// address"),
        ("visible = true", 'visible = "yes"', "visible and deployed are true or false"),
    ],
)
def test_a_damaged_row_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    damaged = tmp_path / "matrix.toml"
    damaged.write_text(MATRIX.read_text().replace(before, after))
    with pytest.raises(MatrixError, match=said):
        read_matrix(damaged)
