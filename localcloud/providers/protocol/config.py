"""A provider's own configuration: everything but strings arrives as JSON inside a string."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from localcloud.providers.protocol.errors import ProviderError
from localcloud.providers.protocol.marks import has_unknown, reveal
from localcloud.providers.protocol.resource import Package
from localcloud.providers.protocol.schema import Failure, Property, failures

_OF_THE_ENGINE: Final = frozenset({"version", "pluginDownloadURL", "__internal", "__defaults"})
_SCHEMA_TYPES: Final = {
    "string": "string", "json": "string", "integer": "integer", "number": "number", "boolean": "boolean",
    "list": "array", "set": "array",
}  # fmt: skip


def decoded(package: Package[Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration as plain values of their declared kinds."""
    plain = reveal(dict(inputs))
    return {
        name: _decoded(value, package.config.get(name)) for name, value in plain.items() if name not in _OF_THE_ENGINE
    }


def _decoded(value: Any, prop: Property | None) -> Any:
    if not isinstance(value, str) or prop is None or prop.kind == "string":
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value  # reported as a wrong type by `check`


def check(package: Package[Any], inputs: Mapping[str, Any]) -> list[Failure]:
    """What is wrong with the configuration, an endpoint off this machine included; unknowns are left for Configure."""
    plain = decoded(package, inputs)
    found = list(failures(plain, package.config))
    if not found and not has_unknown(plain):
        try:
            package.connect(plain)
        except ProviderError as error:
            found.append(Failure("", str(error)))
    return found


def schema(package: Package[Any]) -> str:
    """A Pulumi package schema of what this stand-in supports."""
    resources = {
        token: {
            "inputProperties": {name: _described(prop) for name, prop in resource.inputs.items()},
            "requiredInputs": sorted(name for name, prop in resource.inputs.items() if prop.required),
            "properties": {
                **{name: _described(prop) for name, prop in resource.inputs.items()},
                **{name: {"$ref": "pulumi.json#/Any"} for name in resource.outputs},
            },
        }
        for token, resource in package.resources.items()
    }
    functions: dict[str, Any] = {token: {} for token in package.functions}
    return json.dumps(
        {"name": package.name, "version": package.version, "resources": resources, "functions": functions}
    )


def _described(prop: Property) -> dict[str, Any]:
    kind = _SCHEMA_TYPES.get(prop.kind)
    if kind == "array":
        return {"type": "array", "items": {"$ref": "pulumi.json#/Any"}}
    return {"type": kind} if kind else {"$ref": "pulumi.json#/Any"}
