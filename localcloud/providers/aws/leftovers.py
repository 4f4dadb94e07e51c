"""Creating where a killed earlier run may have created already."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from localcloud.providers.aws.client import is_missing
from localcloud.providers.protocol.errors import ServiceFailureError
from localcloud.providers.protocol.identity import Identity

Made = TypeVar("Made")

_PAUSES: Final = (0.0, 0.1, 0.3, 1.0)

_MARKED = re.compile(r"(?:^| )\((?P<mark>[^()]+/[^()]+@[0-9a-f]{16})\)$")

_EXISTS = frozenset({
    "EntityAlreadyExists", "ResourceConflictException", "ResourceAlreadyExistsException", "ConflictException",
    "ResourceInUseException", "AlreadyExistsException", "ResourceExistsException",
})  # fmt: skip


def create_over_leftover(
    create: Callable[[], Made], is_leftover: Callable[[], bool], remove: Callable[[], Any]
) -> Made:
    """Create; where the name is taken by this same step of an earlier, killed run, remove that first.

    Nothing can depend on a leftover: its create never came back, so nothing after it was begun. Anything else of that
    name belongs to somebody, and AWS's own error stands.
    """
    for pause in _PAUSES:
        try:
            return create()
        except ServiceFailureError as error:
            if error.code not in _EXISTS or not _holds(is_leftover):
                raise
        remove()
        # The killed run's last request may still be on its way through the cloud, and land after our removal.
        time.sleep(pause)
    return create()


def _holds(is_leftover: Callable[[], bool]) -> bool:
    """Whether it is a leftover; one that vanishes while we look was on its way out, so trying again is right."""
    try:
        return is_leftover()
    except ServiceFailureError as error:
        if is_missing(error):
            return True
        raise


def marked_text(text: str | None, mark: str) -> str:
    """A description that also carries the mark, for what AWS gives no tags."""
    return f"{text} ({mark})" if text else f"({mark})"


def mark_in(text: str | None) -> str:
    """The mark that a description carries, or ""."""
    found = _MARKED.search(text or "")
    return found["mark"] if found else ""


def unmarked_text(text: str | None) -> str | None:
    """The description without the mark; None when nothing else was in it."""
    return _MARKED.sub("", text or "") or None


def carries(text: str | None, identity: Identity) -> bool:
    """Whether the description has this very mark."""
    return mark_in(text) == identity.mark
