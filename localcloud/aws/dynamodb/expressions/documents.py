"""Places in an item: found, and cut out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from localcloud.aws.dynamodb.expressions.tree import Path
from localcloud.aws.dynamodb.values import Item, Value


def find(item: Mapping[str, Value], path: Path) -> Value | None:
    """The value at that place, or None."""
    found: Value | None = item.get(str(path[0]))
    for step in path[1:]:
        if found is None:
            return None
        found = child(found, step)
    return found


def child(value: Value, step: str | int) -> Value | None:
    """The value one step deeper, or None."""
    inner: Any
    if isinstance(step, int):
        inner = value.get("L")
        return inner[step] if inner is not None and step < len(inner) else None
    inner = value.get("M")
    return None if inner is None else inner.get(step)


def project(item: Mapping[str, Value], paths: Iterable[Path]) -> Item:
    """The item reduced to these places; lists close up, in their order."""
    wanted: dict[str | int, Any] = {}
    for path in paths:
        node = wanted
        for step in path[:-1]:
            node = node.setdefault(step, {})
        node[path[-1]] = None
    found: Item = {}
    for name, inner in wanted.items():
        value = item.get(str(name))
        kept = None if value is None else _cut(value, inner)
        if kept is not None:
            found[str(name)] = kept
    return found


def _cut(value: Value, wanted: dict[str | int, Any] | None) -> Value | None:
    if wanted is None:
        return value
    # The paths of one projection agree on whether this is a list or a map.
    is_list = isinstance(next(iter(wanted)), int)
    kept: dict[str | int, Value] = {}
    for step in sorted(wanted, key=lambda step: (str(step), 0) if isinstance(step, str) else ("", step)):
        inner = child(value, step)
        part = None if inner is None else _cut(inner, wanted[step])
        if part is not None:
            kept[step] = part
    if not kept:
        return None
    return {"L": list(kept.values())} if is_list else {"M": kept}
