"""A report as files: the page, the text for a pull request, and the data that both were made from."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from lab.report.changes import Changes
from lab.report.codec import to_json
from lab.report.markdown import markdown
from lab.report.model import Report
from lab.report.page import page

HTML_FILE: Final = "report.html"
MARKDOWN_FILE: Final = "report.md"
JSON_FILE: Final = "report.json"
_MODE: Final = 0o644


def write(report: Report, folder: Path, changes: Changes | None = None) -> Path:
    """Makes `folder` where it is missing, and in it `report.html`, `report.md` and `report.json`; answers with the
    first. Each appears whole or not at all; the data comes first, so that it is there whatever happens to the rest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / JSON_FILE, to_json(report))
    _put(folder / MARKDOWN_FILE, markdown(report, changes))
    _put(folder / HTML_FILE, page(report, changes))
    return folder / HTML_FILE


def _put(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(text.encode())
            file.flush()
            temporary.chmod(_MODE)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
