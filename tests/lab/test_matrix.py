"""The feature matrix: whole, sourced, and about capabilities that exist."""

import ast
import datetime
import re
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from components.capabilities import CAPABILITIES
from lab.matrix import MATRIX, MatrixError, Row, read_matrix

ROWS = read_matrix()
# Where vendors speak for themselves; what others say of them is no source of a row.
VENDORS = {
    "aws": ("docs.aws.amazon.com", "aws.amazon.com"),
    "cloudflare": ("developers.cloudflare.com", "www.cloudflare.com"),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.capability}-{row.id}")
def test_a_row_says_what_both_clouds_do_and_who_says_so(row: Row) -> None:
    for text in (row.aws, row.cloudflare, row.difference):
        assert text == text.strip()
        assert text.endswith(".") or text == "none"
    hosts = [urlsplit(source).hostname for source in row.sources]
    for names in VENDORS.values():
        assert any(host in names for host in hosts), "a source for each cloud"
    assert all(any(host in names for names in VENDORS.values()) for host in hosts)
    assert len(set(row.sources)) == len(row.sources)
    assert row.checked is None or row.checked <= datetime.datetime.now(datetime.UTC).date()
    assert not (row.visible and row.difference == "none")


def test_every_capability_has_rows_and_those_that_no_cloud_has_yet_say_so() -> None:
    offered = {"http_api", *(_offered("aws") & _offered("cloudflare"))}
    assert {row.capability for row in ROWS} == {"http_api", *CAPABILITIES}
    assert {row.capability for row in ROWS if row.deployed} == offered
    assert {row.capability for row in ROWS if not row.deployed} == set(CAPABILITIES) - offered


def _offered(cloud: str) -> set[str]:
    """What that target builds, read from its source: importing it takes the provider's whole SDK along."""
    source = (Path(__file__).parents[2] / "components" / cloud / "target.py").read_text()
    [value] = re.findall(r"^OFFERED.* = frozenset\((\{.*\})\)$", source, re.MULTILINE)
    return set(ast.literal_eval(value))


def test_rows_of_a_capability_stand_together() -> None:
    order = [capability for capability, _ in groupby(row.capability for row in ROWS)]
    assert len(order) == len(set(order))


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
