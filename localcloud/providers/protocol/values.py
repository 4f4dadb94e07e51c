"""Property values as they travel between engine and provider.

Plain values are None, bool, int, float, str, list and dict. Everything else is one of the classes here, marked on the
wire by `4dabf1…` keys (pulumi/pulumi `sdk/go/common/resource/plugin/rpc.go` and `sdk/go/common/resource/sig/sig.go`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (a marker, no password)
_ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
_RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

_EXACT_INTEGERS: Final = 2**53


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is known only after the update."""


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that state encrypts and output hides."""

    value: Any

    def __repr__(self) -> str:
        return "Secret(...)"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file's content. With neither text, path nor uri it was elided: only the hash is known."""

    hash: str = ""
    text: str | None = None
    path: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """A tree of files. With neither assets, path nor uri it was elided: only the hash is known."""

    hash: str = ""
    assets: Mapping[str, Any] | None = None
    path: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class ResourceReference:
    """Another resource; `id` is None for a component, UNKNOWN while it is being created."""

    urn: str
    id: Any = None
    package_version: str = ""


@dataclass(frozen=True, slots=True)
class OutputValue:
    """An output with its dependencies; UNKNOWN while unresolved."""

    value: Any = UNKNOWN
    secret: bool = False
    dependencies: tuple[str, ...] = ()


def from_wire(value: Any) -> Any:
    """A plain Python tree, as protobuf's Struct gives it, turned into property values."""
    match value:
        case dict():
            return _marked(value) if _SIGNATURE in value else {key: from_wire(item) for key, item in value.items()}
        case list():
            return [from_wire(item) for item in value]
        case float() if value.is_integer() and abs(value) <= _EXACT_INTEGERS:
            return int(value)  # numbers are doubles on the wire; the clouds' APIs want integers
        case str() if value == _UNKNOWN:
            return UNKNOWN
        case _:
            return value


def _marked(value: dict[str, Any]) -> Any:
    match value[_SIGNATURE]:
        case signature if signature == _SECRET:
            return Secret(from_wire(value.get("value")))
        case signature if signature == _ASSET:
            return Asset(value.get("hash", ""), value.get("text"), value.get("path"), value.get("uri"))
        case signature if signature == _ARCHIVE:
            assets = value.get("assets")
            return Archive(
                value.get("hash", ""),
                None if assets is None else {name: from_wire(asset) for name, asset in assets.items()},
                value.get("path"),
                value.get("uri"),
            )
        case signature if signature == _RESOURCE:
            return ResourceReference(value["urn"], from_wire(value.get("id")), value.get("packageVersion", ""))
        case signature if signature == _OUTPUT:
            return OutputValue(
                from_wire(value["value"]) if "value" in value else UNKNOWN,
                bool(value.get("secret", False)),
                tuple(value.get("dependencies", ())),
            )
        case signature:
            raise ValueError(
                f"property value with the unknown signature {signature!r}: this engine is newer than the plugin"
            )


def to_wire(value: Any) -> Any:  # noqa: PLR0911 (one case a kind of value)
    """The reverse of `from_wire`."""
    match value:
        case dict():
            return {key: to_wire(item) for key, item in value.items()}
        case list() | tuple():
            return [to_wire(item) for item in value]
        case Unknown():
            return _UNKNOWN
        case Secret():
            return {_SIGNATURE: _SECRET, "value": to_wire(value.value)}
        case Asset():
            return {
                _SIGNATURE: _ASSET,
                **_present(hash=value.hash or None, text=value.text, path=value.path, uri=value.uri),
            }
        case Archive():
            assets = None if value.assets is None else {name: to_wire(item) for name, item in value.assets.items()}
            return {
                _SIGNATURE: _ARCHIVE,
                **_present(hash=value.hash or None, assets=assets, path=value.path, uri=value.uri),
            }
        case ResourceReference():
            version = value.package_version or None
            return {_SIGNATURE: _RESOURCE, "urn": value.urn, **_present(id=to_wire(value.id), packageVersion=version)}
        case OutputValue():
            known = {} if isinstance(value.value, Unknown) else {"value": to_wire(value.value)}
            extra = _present(secret=value.secret or None, dependencies=list(value.dependencies) or None)
            return {_SIGNATURE: _OUTPUT, **known, **extra}
        case _:
            return value


def _present(**fields: Any) -> dict[str, Any]:
    return {name: field for name, field in fields.items() if field is not None}
