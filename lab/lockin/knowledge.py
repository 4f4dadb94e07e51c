"""What is known of clouds, as data: how they show in code and in stacks, what does the same, how data moves."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A thing of a vendor's, by how it looks in a syntax tree; vendors.toml says what each field means."""

    what: str
    keys: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    accesses: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    parameters: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One cloud: `name` in reports, `title` in sentences, its Pulumi packages, its modules."""

    name: str
    title: str = ""
    packages: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    shapes: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityName:
    """A capability: `words` stand for it in file names."""

    name: str
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What resources do, and the types that do it, by cloud; `instead`: how a cloud gives it without a resource."""

    does: str
    capability: str
    types: Mapping[str, tuple[str, ...]]
    instead: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Data of a capability on a cloud; with `types` only where the stack has one of them."""

    cloud: str
    capability: str
    lives: str
    export: str
    loses: str
    source: str
    types: tuple[str, ...] = ()
    checked: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """All of it. Where two rows speak of the same, the earlier one holds."""

    capabilities: tuple[CapabilityName, ...]
    vendors: tuple[Vendor, ...]
    infrastructure: tuple[str, ...]
    roles: tuple[Role, ...]
    data: tuple[Kept, ...]

    def vendor_of_type(self, token: str) -> str | None:
        """The cloud whose package a resource's type is of; None where it is no cloud's (`random:…`)."""
        package = token.partition(":")[0]
        return next((vendor.name for vendor in self.vendors if package in vendor.packages), None)

    def vendor_of_module(self, module: str) -> str | None:
        """The cloud whose module this is, or is part of."""
        return next((vendor.name for vendor in self.vendors if is_within(module, vendor.imports)), None)

    def role_of(self, token: str) -> Role | None:
        """What a type does; None where nobody says so."""
        return next((role for role in self.roles if any(token in types for types in role.types.values())), None)

    def title(self, cloud: str) -> str:
        """As sentences name it."""
        return next((vendor.title for vendor in self.vendors if vendor.name == cloud and vendor.title), cloud)


def is_within(module: str, names: Sequence[str]) -> bool:
    """Whether a dotted module is one of `names` or lies below one."""
    return any(module == name or module.startswith(f"{name}.") for name in names)
