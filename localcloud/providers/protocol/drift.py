"""The inputs that a read puts into state: the program's own, changed only where the cloud now differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.providers.protocol.diff import ANY, same
from localcloud.providers.protocol.marks import conceal, reveal
from localcloud.providers.protocol.schema import Property


def refreshed(olds: Mapping[str, Any], actual: Mapping[str, Any], properties: Mapping[str, Property]) -> dict[str, Any]:
    """`olds` with drift. What the program left out stays out: a cloud reports many settings that nobody chose."""
    inputs: dict[str, Any] = {}
    for name, old in olds.items():
        prop = properties.get(name, ANY)
        now = _chosen(reveal(old), actual.get(name), prop) if name in actual else reveal(old)
        if same(now, reveal(old), prop):
            inputs[name] = old
        elif now is not None:
            inputs[name] = conceal(now, old)
    return inputs


def imported(actual: Mapping[str, Any], properties: Mapping[str, Property]) -> dict[str, Any]:
    """Inputs for something that no program has described yet: all that is set and not the default."""
    return {
        name: value
        for name, value in actual.items()
        if name in properties and not same(value, None) and value != properties[name].default
    }


def _chosen(old: Any, now: Any, prop: Property) -> Any:
    """`now` without those fields of objects that the program did not set."""
    if prop.fields is None:
        return now
    if isinstance(old, dict) and isinstance(now, dict):
        return {key: _chosen(old[key], now[key], prop.fields.get(key, ANY)) for key in old if key in now}
    if isinstance(old, list) and isinstance(now, list):
        padded = old + [None] * (len(now) - len(old))
        return [_chosen(before, after, prop) for before, after in zip(padded, now, strict=False)]
    return now
