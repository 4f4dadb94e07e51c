"""Files of results: whole or not there."""

from __future__ import annotations

import os
import re
from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """Writes a file; who is killed meanwhile leaves what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def slug(text: str) -> str:
    """A name as part of a file's: `POST /items/{n}` is `post-items-n`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"
