"""Raw samples as CSV, so that every figure can be computed again, here or by any other tool.

`samples/TARGET.csv.gz` has a header and a row a request: endpoint, level, round and the round's start, and then the
fields of lab/samples.py (times in microseconds). `samples/TARGET.connections.csv.gz` has a row for each connection
that was made before a round.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from lab.errors import InvalidResultsError
from lab.kept.files import put, stems
from lab.samples import Opened, Round, Sample

FOLDER: Final = "samples"
_ROUND: Final = ("target", "endpoint", "level", "round", "started")
_TEXTS: Final = {"error", "instance"}
_FIELDS: Final = Sample._fields
HEADER: Final = (*_ROUND, *_FIELDS)
CONNECTIONS: Final = (*_ROUND, *Opened._fields)
_SAMPLES_END, _CONNECTIONS_END = ".csv.gz", ".connections.csv.gz"
Place = tuple[str, str, str, int, int]


def write(folder: Path, rounds: Sequence[Round]) -> None:
    """Two files a target; each is whole or not there."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for (target,), stem in stems((done.target,) for done in rounds).items():
        mine = [done for done in rounds if done.target == target]
        file = folder / FOLDER / stem
        _put(file.with_name(file.name + _SAMPLES_END), HEADER, ((done, one) for done in mine for one in done.samples))
        opened = ((done, one) for done in mine for one in done.opened)
        _put(file.with_name(file.name + _CONNECTIONS_END), CONNECTIONS, opened)


def read(folder: Path) -> tuple[Round, ...]:
    """All rounds, in the order of their starts. Raises InvalidResultsError with file and line."""
    if not (folder / FOLDER).is_dir():
        raise InvalidResultsError(f"{folder}: has no {FOLDER}/: give a folder that `compare` has written")
    found: dict[Place, list[Sample]] = {}
    opened: dict[Place, list[Opened]] = {}
    for file in sorted((folder / FOLDER).glob(f"*{_SAMPLES_END}")):
        if file.name.endswith(_CONNECTIONS_END):
            for place, values in _rows(file, CONNECTIONS):
                opened.setdefault(place, []).append(Opened(*values))  # type: ignore[arg-type]
        else:
            for place, values in _rows(file, HEADER):
                found.setdefault(place, []).append(Sample(*values))  # type: ignore[arg-type]
    rounds = [Round(*place, tuple(samples), tuple(opened.get(place, ()))) for place, samples in found.items()]
    return tuple(sorted(rounds, key=lambda done: (done.started, done.target)))


def _put(file: Path, header: Sequence[str], rows: Iterable[tuple[Round, Sequence[object]]]) -> None:
    text = io.StringIO()
    # Texts in quotes: without, a bare carriage return in one would end the row.
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(header)
    writer.writerows((done.target, done.endpoint, done.level, done.number, done.started, *row) for done, row in rows)
    put(file, gzip.compress(text.getvalue().encode(), 6, mtime=0))


def _rows(file: Path, header: Sequence[str]) -> Iterator[tuple[Place, list[str | int]]]:
    try:
        text = gzip.decompress(file.read_bytes()).decode()
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise InvalidResultsError(
            f"{file}: cannot be read ({error}): it was damaged, or is no file of the lab"
        ) from None
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        if tuple(next(rows, ())) != header:
            raise InvalidResultsError(f"{file}, line 1: the header is not {','.join(header)}: another version wrote it")
        for row in rows:
            yield _parsed(row, header)
    except (csv.Error, ValueError):
        raise InvalidResultsError(f"{file}, line {rows.line_num}: is not a row of {len(header)} fields") from None


def _parsed(row: Sequence[str], header: Sequence[str]) -> tuple[Place, list[str | int]]:
    target, endpoint, level, place, started, *fields = row
    named = zip(header[len(_ROUND) :], fields, strict=True)
    values = [value if name in _TEXTS else int(value) for name, value in named]
    return (target, endpoint, level, int(place), int(started)), values
