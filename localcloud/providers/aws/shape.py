"""Between Pulumi's camelCase inputs and AWS's PascalCase members, for members that differ in nothing but case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from localcloud.providers.protocol.schema import Property


def to_api(inputs: Mapping[str, Any], properties: Mapping[str, Property], names: Iterable[str]) -> dict[str, Any]:
    """The named inputs that are set, as AWS's parameters. Keys of maps stay as they are."""
    return {
        _pascal(name): _value(inputs[name], properties[name], _pascal) for name in names if inputs.get(name) is not None
    }


def from_api(answer: Mapping[str, Any], properties: Mapping[str, Property], names: Iterable[str]) -> dict[str, Any]:
    """The reverse, for the members that AWS answered."""
    return {
        name: _value(answer[_pascal(name)], properties[name], _camel)
        for name in names
        if answer.get(_pascal(name)) is not None
    }


def _value(value: Any, prop: Property, rename: Any) -> Any:
    fields = prop.fields
    if fields is None:
        return value
    if isinstance(value, list):
        return [_value(item, prop, rename) for item in value]
    return {
        rename(key): _value(item, fields.get(key) or fields.get(_camel(key)) or Property("any"), rename)
        for key, item in value.items()
        if item is not None
    }


def _pascal(name: str) -> str:
    return _SPECIAL.get(name) or name[:1].upper() + name[1:]


def _camel(name: str) -> str:
    return _REVERSED.get(name) or name[:1].lower() + name[1:]


_SPECIAL = {"kmsKeyArn": "KMSKeyArn", "commands": "Command", "entryPoints": "EntryPoint"}
_REVERSED = {value: key for key, value in _SPECIAL.items()}
