"""Reads the tables: what the lab itself knows of clouds, and what a repository says of itself (lockin.toml)."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from lab.errors import InvalidRepositoryError
from lab.lockin.knowledge import CapabilityName, Kept, Knowledge, Role, Vendor
from lab.lockin.layout import Layout

_FOLDER: Final = Path(__file__).parent
NAME: Final = "lockin.toml"
_NO_TABLE: Final = _FOLDER / "no_table.toml"
_SHOWN_ERRORS: Final = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vendors:
    infrastructure: tuple[str, ...]
    vendor: tuple[Vendor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Roles:
    role: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Data:
    data: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Capabilities:
    capability: tuple[CapabilityName, ...]


def read_layout(folder: Path, table: Path | None = None) -> tuple[Layout, Path | None]:
    """What says whose the parts of a repository are, and where that stands: `table`, else the repository's own
    lockin.toml; where it has none, a layout that places nothing, and None. Raises InvalidRepositoryError.
    """
    found = table if table is not None else folder / NAME
    if table is None and not found.is_file():
        return _read(_NO_TABLE, Layout), None
    return _read(found, Layout), found


def read_knowledge(layout: Layout) -> Knowledge:
    """The lab's own tables, with a repository's additions before them. Raises InvalidRepositoryError."""
    vendors = _read(_FOLDER / "vendors.toml", _Vendors)
    own = {vendor.name: vendor for vendor in vendors.vendor}
    for more in layout.vendor:
        own[more.name] = _together(more, own[more.name]) if more.name in own else more
    known = Knowledge(
        capabilities=(*layout.capability, *_read(_FOLDER / "capabilities.toml", _Capabilities).capability),
        vendors=tuple(own.values()),
        infrastructure=vendors.infrastructure,
        roles=(*layout.role, *_read(_FOLDER / "resources.toml", _Roles).role),
        data=(*layout.data, *_read(_FOLDER / "data.toml", _Data).data),
    )
    _check(layout, known)
    return known


def _together(more: Vendor, own: Vendor) -> Vendor:
    return Vendor(
        name=own.name,
        title=more.title or own.title,
        packages=(*more.packages, *own.packages),
        imports=(*more.imports, *own.imports),
        shapes=(*more.shapes, *own.shapes),
    )


def _check(layout: Layout, known: Knowledge) -> None:
    capabilities = {each.name for each in known.capabilities}
    clouds = {each.name for each in known.vendors}
    said = {"capabilities": {*layout.capabilities}, "component": {each.capability for each in layout.component}}
    said["role"] = {role.capability for role in known.roles}
    said["data"] = {row.capability for row in known.data}
    for where, names in said.items():
        _known(where, names, capabilities, "capability")
    _known("role", {cloud for role in known.roles for cloud in (*role.types, *role.instead)}, clouds, "vendor")
    _known("data", {row.cloud for row in known.data}, clouds, "vendor")
    _known("code", {rule.belongs for rule in layout.code} - {"portable", "shared"}, clouds, "vendor")


def _known(where: str, names: set[str], valid: set[str], table: str) -> None:
    if wrong := sorted(names - valid):
        raise InvalidRepositoryError(
            f"{NAME}, {where}: unknown {', '.join(wrong)}; known are {', '.join(sorted(valid))}, or add a [[{table}]]"
        )


def _read(path: Path, made: type[T]) -> T:
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InvalidRepositoryError(f"there is no table {path}; lab/lockin/README.md says what one holds") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidRepositoryError(f"{path} is no TOML that can be read: {error}") from error
    try:
        return TypeAdapter(made).validate_python(content, extra="forbid")
    except ValidationError as error:
        raise InvalidRepositoryError(f"{path}: {_said(error, made)}; lab/lockin/README.md says more") from error


def _said(error: ValidationError, made: type[Any]) -> str:
    errors = error.errors(include_url=False, include_context=False, include_input=False)
    said = [f"{'.'.join(str(step) for step in each['loc'])}: {each['msg']}" for each in errors[:_SHOWN_ERRORS]]
    valid = ", ".join(each.name for each in dataclasses.fields(made))
    return f"{'; '.join(said)}. At its top it has {valid}"
