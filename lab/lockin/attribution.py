"""Which capability a resource belongs to, and what does the same on another cloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lab.lockin.findings import Resource
from lab.lockin.knowledge import Knowledge, Role
from lab.lockin.layout import Component
from lab.lockin.state import StackResource

UNKNOWN: Final = "other resources"
"""The group of those whose type no table knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed:
    """A resource with the cloud and the capability it belongs to; `role` is None where no table knows its type."""

    resource: Resource
    cloud: str
    capability: str
    role: Role | None


def attribute(
    resource: StackResource, known: Knowledge, components: Sequence[Component], clouds: Sequence[str]
) -> Attributed | None:
    """`clouds` are those among which counterparts are looked for. None where the resource is no cloud's."""
    cloud = known.vendor_of_type(resource.type)
    if cloud is None:
        return None
    role = known.role_of(resource.type)
    by_component = {each.type: each.capability for each in components}
    around = next((by_component[each] for each in reversed(resource.ancestors) if each in by_component), None)
    return Attributed(
        resource=Resource(name=resource.name, type=resource.type, counterpart=_counterpart(role, cloud, clouds)),
        cloud=cloud,
        capability=around or (role.capability if role else UNKNOWN),
        role=role,
    )


def _counterpart(role: Role | None, cloud: str, clouds: Sequence[str]) -> str | None:
    if role is None:
        return None
    types: Mapping[str, tuple[str, ...]] = role.types
    found = [types[other][0] for other in clouds if other != cloud and types.get(other)]
    return " or ".join(found) or None
