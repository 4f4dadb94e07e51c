"""ListSecrets' filters.

Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from localcloud.aws.secretsmanager.errors import wrong
from localcloud.aws.secretsmanager.store import Document

_TEXTS: Mapping[str, Callable[[Document], Iterable[str]]] = {
    "name": lambda found: (found["name"],),
    "description": lambda found: (found["description"] or "",),
    "tag-key": lambda found: found["tags"],
    "tag-value": lambda found: found["tags"].values(),
    "all": lambda found: (found["name"], found["description"] or "", *found["tags"], *found["tags"].values()),
}


def chosen(documents: Iterable[Document], filters: Sequence[Mapping[str, Any]]) -> list[Document]:
    """Those that fit all filters: a value fits from the start of a text, or, for descriptions and `all`, of a word."""
    for one in filters:
        if one.get("Key") not in _TEXTS:
            raise wrong(f"The local Secrets Manager filters by {', '.join(_TEXTS)}; not by {one.get('Key')}.")
    return [found for found in documents if all(_fits(found, one) for one in filters)]


def _fits(document: Document, one: Mapping[str, Any]) -> bool:
    key = one["Key"]
    texts = [text if key in ("name", "tag-key", "tag-value") else text.lower() for text in _TEXTS[key](document)]
    for value in one.get("Values", ()):
        negated, wanted = value.startswith("!"), value.removeprefix("!")
        if key in ("description", "all"):
            starts = any(word.startswith(wanted.lower()) for text in texts for word in (text, *text.split()))
        else:
            starts = any(text.startswith(wanted) for text in texts)
        if starts != negated:
            return True
    return False
