"""HdrHistograms (https://hdrhistogram.org): one a cell, for other tools, and for runs on several machines, whose
histograms add up where samples would be too many to collect.

`histograms/TARGET--ENDPOINT--LEVEL.hlog` is an interval log of one interval in HdrHistogram's V2 encoding, warm answers
in microseconds; HistogramLogProcessor and its kin read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from hdrh.histogram import HdrHistogram

from lab.errors import InvalidResultsError
from lab.kept.files import put, stems
from lab.samples import Round, Sample

FOLDER: Final = "histograms"
LOWEST, HIGHEST, DIGITS = 1, 3_600_000_000, 3
"""Microseconds, and significant digits: a recorded value is at most 0.1 % off."""


def new() -> HdrHistogram:
    """An empty one."""
    return HdrHistogram(LOWEST, HIGHEST, DIGITS)


def histogram(samples: Iterable[Sample]) -> HdrHistogram:
    """Of all warm answers' latencies."""
    made = new()
    for sample in samples:
        if not sample.error and sample.instance_requests != 1:
            made.record_value(min(HIGHEST, max(LOWEST, sample.latency)))
    return made


def merged(histograms: Iterable[HdrHistogram]) -> HdrHistogram:
    """All of them as one."""
    made = new()
    for one in histograms:
        made.add(one)
    return made


def write(folder: Path, rounds: Sequence[Round]) -> None:
    """A file for each target, endpoint and level."""
    together: dict[tuple[str, ...], list[Sample]] = {}
    for done in rounds:
        together.setdefault((done.target, done.endpoint, done.level), []).extend(done.samples)
    for names, stem in stems(together).items():
        samples = together[names]
        first = min((sample.intended for sample in samples), default=0) / 1_000_000
        last = max((sample.intended + sample.latency for sample in samples), default=0) / 1_000_000
        content = log(histogram(samples), ", ".join(names), first, last)
        put(folder / FOLDER / f"{stem}.hlog", content)


def log(made: HdrHistogram, title: str, first: float, last: float) -> bytes:
    """An interval log of one interval, from `first` to `last` seconds since the start."""
    lines = [
        "#[Histogram log format version 1.3]",
        f"#[{' '.join(title.split())}]",
        '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
        f"{first:.3f},{max(0.0, last - first):.3f},{made.get_max_value() / 1000:.3f},{made.encode().decode()}",
    ]
    return ("\n".join(lines) + "\n").encode()


def read(file: Path) -> HdrHistogram:
    """All intervals of a log as one. Raises InvalidResultsError."""
    found = []
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InvalidResultsError(f"{file}: cannot be read ({error}): it is no HdrHistogram log") from None
    for number, line in enumerate(lines, 1):
        if line.startswith(("#", '"')) or not line.strip():
            continue
        try:
            found.append(HdrHistogram.decode(line.rsplit(",", 1)[1]))
        except Exception:  # noqa: BLE001 - the library raises many kinds
            raise InvalidResultsError(f"{file}, line {number}: is not an interval of an HdrHistogram log") from None
    return merged(found)
