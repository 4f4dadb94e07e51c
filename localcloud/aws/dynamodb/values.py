"""Attribute values in their wire form, `{"S": "text"}`: checked once, canonical ever after.

Canonical: numbers in their one form, sets sorted, base64 without slack. Two canonical values mean the same exactly when
they are equal as Python objects.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, Final

from localcloud.aws.dynamodb.decimals import canonical, sortable, stored_bytes
from localcloud.aws.dynamodb.errors import invalid, invalid_values, malformed

Value = dict[str, Any]
Item = dict[str, Value]

ITEM_BYTES: Final = 400 * 1024
MOST_LEVELS: Final = 32
_SET_MEMBERS: Final = {"SS": "S", "NS": "N", "BS": "B"}


def checked(value: Any, level: int = 0) -> tuple[Value, int]:
    """The canonical value and its size in bytes. Raises ServiceError."""
    if not isinstance(value, dict):
        raise malformed("Unexpected value type in payload")
    found = [(kind, inner) for kind, inner in value.items() if inner is not None and kind in _CHECKS]
    if not found:
        raise invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
    kind, inner = found[0]
    result, size = _CHECKS[kind](inner, level)
    if len(found) > 1:
        raise invalid(
            "Supplied AttributeValue has more than one datatypes set, "
            "must contain exactly one of the supported datatypes"
        )
    return {kind: result}, size


def checked_item(item: Mapping[str, Any]) -> tuple[Item, int]:
    """The canonical attributes and the item's size: names and values in bytes. Raises ServiceError."""
    size = 0
    found: Item = {}
    for name, value in item.items():
        found[name], bytes_ = checked(value)
        size += len(name.encode(errors="surrogatepass")) + bytes_
    return found, size


def sized(item: Mapping[str, Any]) -> int:
    """The size of an item that is canonical already."""
    return checked_item(item)[1]


def kind_of(value: Value) -> str:
    """Its type: S, N, B, SS, NS, BS, L, M, BOOL or NULL."""
    return next(iter(value))


def rank(value: Value) -> bytes | None:
    """Bytes that order values of one and the same type; None where the type has no order."""
    kind, inner = next(iter(value.items()))
    if kind == "S":
        return str(inner).encode(errors="surrogatepass")
    if kind == "N":
        return sortable(inner)
    return base64.b64decode(inner) if kind == "B" else None


def set_of(kind: str, members: list[str]) -> Value:
    """A canonical set of canonical members."""
    return {kind: sorted(set(members), key=lambda member: rank({_SET_MEMBERS[kind]: member}) or b"")}


def member_kind(set_kind: str) -> str | None:
    """The type of a set's members, or None where this is no set."""
    return _SET_MEMBERS.get(set_kind)


def _string(inner: Any, _: int) -> tuple[str, int]:
    if not isinstance(inner, str):
        raise malformed(f"{_token(inner)} cannot be converted to String")
    try:
        return inner, len(inner.encode())
    except UnicodeEncodeError:
        raise malformed("A string holds half of a surrogate pair.") from None


def _number(inner: Any, _: int) -> tuple[str, int]:
    if not isinstance(inner, str):
        raise malformed(f"{_token(inner)} cannot be converted to String")
    found = canonical(inner)
    return found, stored_bytes(found)


def _binary(inner: Any, _: int) -> tuple[str, int]:
    if not isinstance(inner, str):
        raise malformed("only base-64-encoded strings are convertible to bytes")
    try:
        data = base64.b64decode(inner, validate=True)
    except (binascii.Error, ValueError):
        raise malformed("A binary value is not valid base64.") from None
    return base64.b64encode(data).decode(), len(data)


def _boolean(inner: Any, _: int) -> tuple[bool, int]:
    if not isinstance(inner, bool):
        raise malformed(f"{_token(inner)} cannot be converted to Boolean")
    return inner, 1


def _null(inner: Any, level: int) -> tuple[bool, int]:
    if not _boolean(inner, level)[0]:
        raise invalid_values("Null attribute value types must have the value of true")
    return True, 1


def _set(kind: str, check: Callable[[Any, int], tuple[str, int]], empty: str, twice: str) -> Callable[..., Any]:
    def run(inner: Any, level: int) -> tuple[list[str], int]:
        if not isinstance(inner, list):
            raise malformed("Unexpected field type")
        if not inner:
            raise invalid_values(empty)
        found = [check(member, level) for member in inner]
        members = [member for member, _ in found]
        if len(set(members)) != len(members):
            raise invalid(twice.format("[" + ", ".join(str(member) for member in inner) + "]"))
        return set_of(kind, members)[kind], sum(size for _, size in found)

    return run


def _list(inner: Any, level: int) -> tuple[list[Value], int]:
    if not isinstance(inner, list):
        raise malformed("Unexpected field type")
    found = [checked(value, _deeper(level)) for value in inner]
    return [value for value, _ in found], 3 + sum(1 + size for _, size in found)


def _map(inner: Any, level: int) -> tuple[Item, int]:
    if not isinstance(inner, dict):
        raise malformed("Unexpected field type")
    found: Item = {}
    size = 3
    for name, value in inner.items():
        found[name], bytes_ = checked(value, _deeper(level))
        size += 1 + len(name.encode(errors="surrogatepass")) + bytes_
    return found, size


def _deeper(level: int) -> int:
    if level + 1 >= MOST_LEVELS:
        raise invalid(
            "Nesting Levels have exceeded supported limits: "
            "Attributes in the item have nested levels beyond supported limit"
        )
    return level + 1


def _token(inner: Any) -> str:
    """How the service calls a JSON token of the wrong type."""
    if isinstance(inner, bool):
        return f"{str(inner).upper()}_VALUE"
    if isinstance(inner, str):
        return "STRING_VALUE"
    if isinstance(inner, int | float):
        return "NUMBER_VALUE" if isinstance(inner, int) else "DECIMAL_VALUE"
    return "A structure or list"


_INVALID = "One or more parameter values were invalid: "
_CHECKS: Final[Mapping[str, Callable[[Any, int], tuple[Any, int]]]] = {
    "S": _string,
    "N": _number,
    "B": _binary,
    "BOOL": _boolean,
    "NULL": _null,
    "SS": _set("SS", _string, "An string set  may not be empty", _INVALID + "Input collection {} contains duplicates."),
    "NS": _set("NS", _number, "An number set  may not be empty", "Input collection contains duplicates"),
    "BS": _set(
        "BS",
        _binary,
        "Binary sets should not be empty",
        _INVALID + "Input collection {}of type BS contains duplicates.",
    ),
    "L": _list,
    "M": _map,
}
