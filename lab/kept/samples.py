"""Raw samples as CSV, so that every figure can be computed again, here or by any other tool.

`samples/TARGET.csv.gz` has a header and a row a request: endpoint, level, round and the round's start, and then the
fields of lab/samples.py (times in microseconds).
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from lab.errors import InvalidResultsError
from lab.kept.files import put, slug
from lab.samples import Round, Sample

FOLDER: Final = "samples"
_ROUND: Final = ("target", "endpoint", "level", "round", "started")
_TEXTS: Final = {"error", "instance"}
_FIELDS: Final = Sample._fields
HEADER: Final = (*_ROUND, *_FIELDS)


def write(folder: Path, rounds: Sequence[Round]) -> None:
    """A file a target; each is whole or not there."""
    for target in dict.fromkeys(done.target for done in rounds):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADER)
        for done in rounds:
            if done.target == target:
                place = (done.target, done.endpoint, done.level, done.number, done.started)
                writer.writerows((*place, *sample) for sample in done.samples)
        put(folder / FOLDER / f"{slug(target)}.csv.gz", gzip.compress(text.getvalue().encode(), 6, mtime=0))


def read(folder: Path) -> tuple[Round, ...]:
    """All rounds, in the order of their starts. Raises InvalidResultsError with file and line."""
    found: dict[tuple[str, str, str, int, int], list[Sample]] = {}
    for file in sorted((folder / FOLDER).glob("*.csv.gz")):
        for place, sample in _rows(file):
            found.setdefault(place, []).append(sample)
    rounds = [Round(*place, tuple(samples)) for place, samples in found.items()]
    return tuple(sorted(rounds, key=lambda done: (done.started, done.target)))


def _rows(file: Path) -> Iterator[tuple[tuple[str, str, str, int, int], Sample]]:
    try:
        text = gzip.decompress(file.read_bytes()).decode()
    except (OSError, EOFError, ValueError) as error:
        raise InvalidResultsError(
            f"{file}: cannot be read ({error}): it was damaged, or is no file of the lab"
        ) from None
    rows = csv.reader(io.StringIO(text))
    if tuple(next(rows, ())) != HEADER:
        raise InvalidResultsError(f"{file}, line 1: the header is not {','.join(HEADER)}: another version wrote it")
    for number, row in enumerate(rows, 2):
        try:
            target, endpoint, level, place, started, *fields = row
            values = [value if name in _TEXTS else int(value) for name, value in zip(_FIELDS, fields, strict=True)]
            yield (target, endpoint, level, int(place), int(started)), Sample(*values)  # type: ignore[arg-type]
        except ValueError:
            raise InvalidResultsError(f"{file}, line {number}: is not a row of {len(HEADER)} fields") from None
