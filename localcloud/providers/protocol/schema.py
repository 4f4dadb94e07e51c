"""What a resource accepts: one `Property` for each input, and the check of a program's inputs against them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from localcloud.providers.protocol.marks import has_secret, reveal
from localcloud.providers.protocol.values import Archive, Asset, Secret, Unknown

Kind = Literal["string", "integer", "number", "boolean", "list", "set", "map", "object", "json", "archive", "any"]


@dataclass(frozen=True, slots=True)
class Property:
    """One input. `kind` "set" is a list whose order means nothing, "json" a string that holds a JSON document.

    `fields` describes an object, or the objects of a list. `replaces`: a change makes a new resource.
    `secret`: stays secret in state whatever the program says.
    """

    kind: Kind = "string"
    required: bool = False
    default: Any = None
    replaces: bool = False
    secret: bool = False
    fields: Mapping[str, Property] | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that the provider refuses: its path, and why."""

    path: str
    reason: str


_ACCEPTS: Final[Mapping[Kind, tuple[str, Callable[[Any], bool]]]] = {
    "string": ("a string", lambda value: isinstance(value, str)),
    "integer": ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "number": ("a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "list": ("a list", lambda value: isinstance(value, list)),
    "set": ("a list", lambda value: isinstance(value, list)),
    "map": ("a map", lambda value: isinstance(value, dict)),
    "object": ("an object", lambda value: isinstance(value, dict)),
    "json": ("a JSON document in a string", lambda value: isinstance(value, str) and _is_json(value)),
    "archive": ("an archive", lambda value: isinstance(value, Archive | Asset)),
    "any": ("anything", lambda _: True),
}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def with_defaults(inputs: Mapping[str, Any], properties: Mapping[str, Property]) -> dict[str, Any]:
    """The inputs without nulls, and with the default of each property that was left out."""
    given = {name: value for name, value in inputs.items() if reveal(value) is not None}
    defaults = {name: prop.default for name, prop in properties.items() if prop.default is not None}
    return {**defaults, **given}


def guarded(values: Mapping[str, Any], properties: Mapping[str, Property]) -> dict[str, Any]:
    """The values, those of secret properties marked as such whatever the program or the cloud says."""
    return {
        name: Secret(value)
        if name in properties and properties[name].secret and value is not None and not has_secret(value)
        else value
        for name, value in values.items()
    }


def failures(inputs: Mapping[str, Any], properties: Mapping[str, Property], path: str = "") -> Iterator[Failure]:
    """Everything wrong with `inputs`: unknown names, missing ones, wrong types, values outside the choices."""
    for name in inputs:
        if name not in properties and name != "__defaults":  # the SDK's own bookkeeping
            yield Failure(f"{path}{name}", f"no such property; valid ones are {', '.join(sorted(properties))}")
    for name, prop in properties.items():
        value = reveal(inputs.get(name))
        if value is None:
            if prop.required:
                yield Failure(f"{path}{name}", "is required and was not given")
        elif not isinstance(value, Unknown):
            yield from _value_failures(value, prop, f"{path}{name}", hidden=prop.secret or has_secret(inputs[name]))


def _value_failures(value: Any, prop: Property, path: str, *, hidden: bool) -> Iterator[Failure]:
    wanted, accepts = _ACCEPTS[prop.kind]
    if not accepts(value):
        yield Failure(path, f"must be {wanted}, and is {_shown(value, hidden=hidden)}")
    elif prop.choices and value not in prop.choices:
        yield Failure(path, f"must be one of {', '.join(prop.choices)}, and is {_shown(value, hidden=hidden)}")
    elif prop.fields is not None and isinstance(value, dict):
        yield from failures(value, prop.fields, f"{path}.")
    elif prop.fields is not None and isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield from failures(item, prop.fields, f"{path}[{index}].")
            elif not isinstance(item, Unknown):
                yield Failure(f"{path}[{index}]", f"must be an object, and is a {type(item).__name__}")


def _shown(value: Any, *, hidden: bool) -> str:
    """Short scalars as they are, all else by type: an error must not print a secret or a whole document."""
    if hidden or not isinstance(value, str | int | float) or len(str(value)) > 40:
        return f"a value of type {type(value).__name__}"
    return repr(value)
