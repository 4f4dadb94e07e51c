"""Histograms that workers hand over add up to what they all saw."""

from pathlib import Path

import pytest

from lab.kept import histograms
from lab.load.distributed.collector import Collector


def test_what_is_handed_over_is_the_masters_and_nobody_elses(tmp_path: Path) -> None:
    master, one, other = Collector(), Collector(), Collector()
    for value in range(1_000, 2_000):
        one.answered("a", "GET /", value)
        other.answered("a", "GET /", value + 1_000)
    other.failed("b", "GET /", "refused")
    for worker in (one, other, one):  # the third report has nothing new
        master.takes(worker.handed_over())
    master.write(tmp_path, 10.0)
    made = histograms.read(tmp_path / "histograms" / "a--get.hlog")
    assert made.get_total_count() == 2_000
    assert made.get_value_at_percentile(50) == pytest.approx(2_000, rel=0.002)
    assert (tmp_path / "failures.tsv").read_text().splitlines()[1:] == ["1\tb\tGET /\trefused"]
