"""What changed between two sets of inputs, in the paths that Pulumi's display understands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from localcloud.providers.protocol.marks import has_unknown, reveal
from localcloud.providers.protocol.naming import DEFAULTS
from localcloud.providers.protocol.schema import Property
from localcloud.providers.protocol.values import Archive, Asset

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_$][\w$]*")

ANY: Final = Property("any")


@dataclass(frozen=True, slots=True)
class Change:
    """One changed place: `environment.variables["KEY"]`, and whether it makes a new resource."""

    path: str
    kind: Literal["add", "delete", "update"]
    replaces: bool = False

    @property
    def top(self) -> str:
        """The top-level property."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


def changes(olds: Mapping[str, Any], news: Mapping[str, Any], properties: Mapping[str, Property]) -> list[Change]:
    """Every difference that means something; secrets are compared by value, an unknown counts as different."""
    found: list[Change] = []
    for name in sorted({*olds, *news} - {DEFAULTS}):
        prop = properties.get(name, ANY)
        differences = _compare(reveal(olds.get(name)), reveal(news.get(name)), prop, name)
        found += [Change(change.path, change.kind, prop.replaces) for change in differences]
    return found


def same(old: Any, new: Any, prop: Property = ANY) -> bool:
    """Whether the two mean the same to the service."""
    return not has_unknown(new) and _canonical(reveal(old), prop) == _canonical(reveal(new), prop)


def _compare(old: Any, new: Any, prop: Property, path: str) -> Iterator[Change]:
    if same(old, new, prop):
        return
    if old is None or new is None:
        yield Change(path, "add" if old is None else "delete")
    elif isinstance(old, dict) and isinstance(new, dict):
        fields = prop.fields or {}
        for key in sorted({*old, *new}):
            yield from _compare(old.get(key), new.get(key), fields.get(key, ANY), path + _step(key))
    elif isinstance(old, list) and isinstance(new, list) and prop.kind != "set":
        for index in range(max(len(old), len(new))):
            before, after = (items[index] if index < len(items) else None for items in (old, new))
            item = Property("object", fields=prop.fields) if prop.fields else ANY
            yield from _compare(before, after, item, f"{path}[{index}]")
    else:
        yield Change(path, "update")


def _step(key: str) -> str:
    return f".{key}" if _PLAIN_KEY.fullmatch(key) else f"[{json.dumps(key)}]"


def _canonical(value: Any, prop: Property) -> Any:  # noqa: PLR0911 (one case a kind of value)
    """A form in which equal meanings are equal: empty is absent, sets are sorted, documents are parsed."""
    match value:
        case dict() | list() if not value:
            return None
        case Archive() | Asset():
            return (type(value).__name__, value.hash) if value.hash else value
        case str() if prop.kind == "json":
            return _document(value)
        case list() if prop.kind == "set":
            return sorted((_canonical(item, ANY) for item in value), key=repr)
        case list():
            item = Property("object", fields=prop.fields) if prop.fields else ANY
            return [_canonical(item_value, item) for item_value in value]
        case dict():
            fields = prop.fields or {}
            items = {key: _canonical(item, fields.get(key, ANY)) for key, item in value.items() if key != DEFAULTS}
            return {key: item for key, item in items.items() if item is not None} or None
        case _:
            return value


def _document(text: str) -> Any:
    try:
        return _loose(json.loads(text))
    except ValueError:
        return text


def _loose(value: Any) -> Any:
    """IAM reads a list of one as its item, and lists of strings as sets (IAM User Guide, "Policy grammar")."""
    match value:
        case dict():
            return {key: _loose(item) for key, item in value.items()}
        case [single]:
            return _loose(single)
        case list() if all(isinstance(item, str) for item in value):
            return sorted(value)
        case list():
            return [_loose(item) for item in value]
        case _:
            return value
