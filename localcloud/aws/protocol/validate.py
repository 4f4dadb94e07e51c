"""The model's own constraints, with the sentences that AWS's services answer with."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import Shape


def violations(shape: Shape | None, params: dict[str, Any]) -> str | None:
    """All violations as one AWS sentence ("2 validation errors detected: …"), or None."""
    found = list(_walk(shape, params, "")) if shape is not None else []
    if not found:
        return None
    return f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: {'; '.join(found)}"


def _walk(shape: Shape, value: Any, where: str) -> Iterator[str]:
    kind = shape.type_name
    if kind == "structure":
        if shape.is_document_type:
            return
        for name in shape.required_members:
            if name not in value:
                yield f"Value null at '{_join(where, name)}' failed to satisfy constraint: Member must not be null"
        for name, inner in value.items():
            if name in shape.members:
                yield from _walk(shape.members[name], inner, _join(where, name))
        return
    if kind == "list":
        yield from _size(shape, len(value), value, where)
        for number, item in enumerate(value, 1):
            yield from _walk(shape.member, item, f"{where}.{number}.member")
    elif kind == "map":
        yield from _size(shape, len(value), value, where)
        for key, item in value.items():
            yield from _walk(shape.key, key, f"{where}.key")
            yield from _walk(shape.value, item, f"{where}.{key}.member")
    elif kind in ("string", "blob"):
        yield from _size(shape, len(value), value, where)
        yield from _text(shape, value, where) if kind == "string" else ()
    elif kind in ("integer", "long", "float", "double"):
        yield from _range(shape, value, where)


def _join(where: str, name: str) -> str:
    name = name[:1].lower() + name[1:]
    return f"{where}.{name}" if where else name


def _size(shape: Shape, length: int, value: Any, where: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and length < least:
        yield _say(shape, value, where, f"have length greater than or equal to {least}")
    if most is not None and length > most:
        yield _say(shape, value, where, f"have length less than or equal to {most}")


def _range(shape: Shape, value: float, where: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        yield _say(shape, value, where, f"have value greater than or equal to {least}")
    if most is not None and value > most:
        yield _say(shape, value, where, f"have value less than or equal to {most}")


def _text(shape: Shape, value: str, where: str) -> Iterator[str]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield _say(shape, value, where, f"satisfy enum value set: [{', '.join(allowed)}]")
    text = shape.metadata.get("pattern")
    pattern = _pattern(text) if text else None
    if pattern is not None and not pattern.fullmatch(value):
        yield _say(shape, value, where, f"satisfy regular expression pattern: {text}")


def _say(shape: Shape, value: Any, where: str, constraint: str) -> str:
    shown = "" if shape.metadata.get("sensitive") or shape.type_name == "blob" else f" '{str(value)[:256]}'"
    return f"Value{shown} at '{where}' failed to satisfy constraint: Member must {constraint}"


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except re.error:
        return None  # Java's \\p{L} and its like: the service behind decides
