"""A step of set-up is done when its stamp holds the digest of its inputs; the stamp is written last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(inputs: Iterable[Path | str]) -> str:
    """One hash over files' contents and plain words, in their order."""
    total = hashlib.sha256()
    for item in inputs:
        content = item.read_bytes() if isinstance(item, Path) else item.encode()
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()


def is_done(stamp: Path, wanted: str) -> bool:
    """Whether the step ended with the same inputs before."""
    try:
        return stamp.read_text() == wanted
    except FileNotFoundError:
        return False
