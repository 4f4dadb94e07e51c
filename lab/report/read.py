"""A report that was written earlier, read again."""

from __future__ import annotations

from pathlib import Path

from lab.errors import InvalidResultsError
from lab.report.codec import from_json
from lab.report.model import Report
from lab.report.write import JSON_FILE


def read(path: Path) -> Report:
    """The report in a folder of results, or in a `report.json` itself; raw samples are not needed.

    Raises InvalidResultsError where there is none, or one that is damaged, foreign or of another version.
    """
    file = path / JSON_FILE if path.is_dir() else path
    try:
        return from_json(file.read_bytes(), str(file))
    except FileNotFoundError as error:
        raise InvalidResultsError(
            f"{file} does not exist: name the folder that a comparison wrote, or its {JSON_FILE}"
        ) from error
    except OSError as error:
        raise InvalidResultsError(f"{file} cannot be read: {error.strerror}") from error
