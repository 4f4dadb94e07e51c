"""Files of results: whole or not there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """Writes a file; who is killed meanwhile leaves what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def stems(named: Iterable[Sequence[str]]) -> Mapping[tuple[str, ...], str]:
    """A file's name for each thing of several names: `aws`, `POST /items/{n}` is `aws--post-items-n`. What would have
    the name of one before it, as `POST /items-n` would, has a number after it.
    """
    found: dict[tuple[str, ...], str] = {}
    for names in dict.fromkeys(map(tuple, named)):
        plain = "--".join(map(_slug, names))
        stem, number = plain, 1
        while stem in found.values():
            number += 1
            stem = f"{plain}-{number}"
        found[names] = stem
    return found


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"
