"""What is kept of a comparison: enough to compute everything again."""

import gzip
from contextlib import closing
from pathlib import Path

import pytest
from hdrh.log import HistogramLogReader
from hypothesis import given
from hypothesis import strategies as st

from lab.errors import InvalidResultsError
from lab.kept import histograms, samples
from lab.samples import Opened, Round, Sample
from lab.statistics.summary import cells

_NUMBERS = st.integers(-1, 10**9)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
_SAMPLES = st.builds(Sample, **{name: _TEXTS if name in ("error", "instance") else _NUMBERS for name in Sample._fields})
_ROUNDS = st.lists(
    st.builds(
        Round,
        st.sampled_from(["a", "a-", "b"]),
        _TEXTS,
        st.just("10/s on 1"),
        _NUMBERS,
        _NUMBERS,
        st.lists(_SAMPLES, min_size=1, max_size=5).map(tuple),
        st.lists(st.builds(Opened, _NUMBERS, _NUMBERS, _NUMBERS), max_size=3).map(tuple),
    ),
    unique_by=lambda made: made[:5],
    max_size=6,
)


def _made(latencies: list[int], target: str = "a", number: int = 0) -> Round:
    made = [
        Sample(place * 10_000, 5, -1, -1, -1, 90, 10, 100, latency, 200, "", "i", 2, 7, 1)
        for place, latency in enumerate(latencies)
    ]
    return Round(target, "GET /", "100/s on 1", number, number * 1000, tuple(made))


@given(rounds=_ROUNDS)
def test_what_was_written_is_read(rounds: list[Round], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("kept")
    samples.write(folder, rounds)
    assert sorted(samples.read(folder)) == sorted(rounds)


def test_figures_are_the_same_when_computed_again(tmp_path: Path) -> None:
    rounds = [
        _made([1000 + place * 7 for place in range(500)], target, number) for number in range(3) for target in "ab"
    ]
    samples.write(tmp_path, rounds)
    assert cells(samples.read(tmp_path)) == cells(rounds)


_HEADER = ",".join(samples.HEADER).encode()
_WHOLE = gzip.compress(_HEADER + b"\n" + bytes(range(256)))


@pytest.mark.parametrize(
    "damage",
    [
        b"no gzip",
        _WHOLE[: len(_WHOLE) // 2],
        _WHOLE[:12] + b"\xff\xff\xff" + _WHOLE[15:],
        gzip.compress(b"a,b,c\n"),
        gzip.compress(_HEADER + b"\n1,2\n"),
        gzip.compress(_HEADER + b"\n1\r2\n"),
        gzip.compress(_HEADER + b"\n" + b"1" * 200_000),
    ],
    ids=[
        "no gzip",
        "its end missing",
        "bytes changed",
        "another header",
        "a short row",
        "a bare return",
        "a long field",
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, damage: bytes) -> None:
    samples.write(tmp_path, [_made([1])])
    file = tmp_path / "samples" / "a.csv.gz"
    file.write_bytes(damage)
    with pytest.raises(InvalidResultsError, match=r"a\.csv\.gz"):
        samples.read(tmp_path)


def test_a_folder_without_samples_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidResultsError, match="has no samples/"):
        samples.read(tmp_path)


def test_endpoints_of_like_names_have_files_of_their_own(tmp_path: Path) -> None:
    histograms.write(
        tmp_path, [_made([1000] * count)._replace(endpoint=f"GET /a{mark}b") for count, mark in ((1, "-"), (2, "/"))]
    )
    counts = [histograms.read(file).get_total_count() for file in sorted((tmp_path / "histograms").iterdir())]
    assert sorted(counts) == [1, 2]


def test_the_log_reader_of_hdrhistogram_reads_a_histogram(tmp_path: Path) -> None:
    histograms.write(tmp_path, [_made([1_000, 2_000, 3_000])])
    (file,) = (tmp_path / "histograms").iterdir()
    with closing(HistogramLogReader(str(file), histograms.new())) as reader:
        found = reader.get_next_interval_histogram()
    assert (found.get_total_count(), found.get_start_time_stamp(), found.get_end_time_stamp()) == (3, 0, 23)
    assert found.get_value_at_percentile(50) == pytest.approx(2_000, rel=0.001)


def test_histograms_tell_the_quantiles_and_add_up(tmp_path: Path) -> None:
    first, second = _made(list(range(1_000, 2_000))), _made(list(range(2_000, 4_000)), "b")
    histograms.write(tmp_path, [first, second])
    files = sorted((tmp_path / "histograms").iterdir())
    assert [file.name for file in files] == ["a--get--100-s-on-1.hlog", "b--get--100-s-on-1.hlog"]
    one, other = map(histograms.read, files)
    both = histograms.merged([one, other])
    assert both.get_total_count() == one.get_total_count() + other.get_total_count() == 3_000
    assert both.get_value_at_percentile(50) == pytest.approx(2_500, rel=0.002)


def test_a_damaged_histogram_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.hlog"
    file.write_text("#\n0,1,2,HISTgarbage\n")
    with pytest.raises(InvalidResultsError, match=r"x.hlog, line 2"):
        histograms.read(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidResultsError, match=r"x.hlog: cannot be read"):
        histograms.read(file)
