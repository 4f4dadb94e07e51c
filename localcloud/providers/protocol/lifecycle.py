"""Create, read and update for any resource: previews, secret marks, and what state holds afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from localcloud.providers.protocol.diff import changes
from localcloud.providers.protocol.drift import imported, refreshed
from localcloud.providers.protocol.errors import InitialisationFailedError, ProviderError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.marks import has_secret, reveal
from localcloud.providers.protocol.naming import DEFAULTS
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import guarded
from localcloud.providers.protocol.values import UNKNOWN, Secret


@dataclass(frozen=True, slots=True)
class Recorded:
    """What goes into state."""

    id: str
    properties: Mapping[str, Any]
    inputs: Mapping[str, Any]


def create(
    resource: Resource[Any], client: Any, inputs: Mapping[str, Any], identity: Identity, *, preview: bool
) -> Recorded:
    """A new resource; in a preview nothing happens, and what only the cloud can say is UNKNOWN."""
    chosen = _without_defaults(inputs)
    plain = reveal(chosen)
    if preview:
        unknown = dict.fromkeys(resource.outputs, UNKNOWN)
        foreseen = {**unknown, **resource.foresee(client, plain)}
        return Recorded("", _properties(resource, chosen, foreseen), inputs)
    with _remarked(chosen):
        resource_id = resource.create(client, plain, identity)
        made = _read_back(resource, client, resource_id, plain)
    return Recorded(made.id, _properties(resource, chosen, made.outputs), inputs)


def read(
    resource: Resource[Any], client: Any, resource_id: str, inputs: Mapping[str, Any], properties: Mapping[str, Any]
) -> Recorded | None:
    """The resource as it is now, for a refresh (with what state holds) or an import (with nothing)."""
    known = {**inputs, **properties}
    found = resource.read(client, resource_id, reveal(known))
    if found is None:
        return None
    drift = refreshed(inputs, found.inputs, resource.inputs)
    kept = guarded(drift if known else imported(found.inputs, resource.inputs), resource.inputs)
    return Recorded(found.id, _properties(resource, _without_defaults(kept), found.outputs), kept)


def update(
    resource: Resource[Any],
    client: Any,
    resource_id: str,
    old_inputs: Mapping[str, Any],
    old_outputs: Mapping[str, Any],
    *,
    news: Mapping[str, Any],
    preview: bool,
) -> dict[str, Any]:
    """The properties after the update; in a preview, those that it may change are UNKNOWN."""
    chosen = _without_defaults(news)
    plain = reveal(chosen)
    olds = {name: value for name, value in _without_defaults(old_inputs).items() if name in resource.inputs}
    changed = {change.top for change in changes(olds, chosen, resource.inputs)}
    if preview:
        kept = {name: old_outputs[name] for name in resource.outputs if name in old_outputs}
        unknown = dict.fromkeys(resource.volatile(changed, plain), UNKNOWN)
        return _properties(resource, chosen, {**kept, **resource.foresee(client, plain), **unknown})
    with _remarked(chosen):
        resource.update(client, resource_id, reveal({**old_outputs, **olds}), plain, changed)
        made = _read_back(resource, client, resource_id, plain)
    return _properties(resource, chosen, made.outputs)


@contextmanager
def _remarked(inputs: Mapping[str, Any]) -> Iterator[None]:
    """A half-made resource goes into state too, and its secrets must be secret there."""
    try:
        yield
    except InitialisationFailedError as error:
        outputs = {**error.outputs, **inputs}
        raise InitialisationFailedError(error.resource_id, outputs, str(error)) from error


def _read_back(resource: Resource[Any], client: Any, resource_id: str, plain: Mapping[str, Any]) -> Actual:
    """What the cloud says after the change. The resource exists now: should this fail, state must keep it."""
    try:
        made = resource.read(client, resource_id, plain)
    except InitialisationFailedError:
        raise
    except ProviderError as error:
        raise InitialisationFailedError(
            resource_id, dict(plain), f"made, but could not be read back: {error}"
        ) from error
    if made is None:
        raise InitialisationFailedError(
            resource_id, dict(plain), f"{resource.pulumi_type} {resource_id} vanished as soon as made"
        )
    return made


def _properties(resource: Resource[Any], inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs with their secret marks, and outputs; an output that repeats a secret input is secret as well."""
    properties = {**outputs, **inputs}
    if "tagsAll" in outputs and has_secret(inputs.get("tags")):
        properties["tagsAll"] = Secret(reveal(outputs["tagsAll"]))
    return guarded(properties, resource.inputs)


def _without_defaults(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name != DEFAULTS}
