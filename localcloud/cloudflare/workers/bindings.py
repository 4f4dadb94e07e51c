"""The bindings of an upload: which kinds are served, how many, and what is taken over from the version before."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.cloudflare.workers.exceptions import UnresolvableInheritError, ValidationError

# What the Worker host makes an `env` of (localcloud/cloudflare/host/bindings.mjs).
SERVED = ("ai", "json", "plain_text", "version_metadata")
_NEEDED = {"json": "json", "plain_text": "text"}
_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
# developers.cloudflare.com/workers/platform/limits, paid plan.
_MOST_VARIABLES = 128
_VARIABLE_BYTES = 5 * 1024


def resolve(metadata: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The bindings of the new version. `before` are those of the deployed one, for `inherit` and `keep_bindings`.

    Raises ValidationError and UnresolvableInheritError.
    """
    given = metadata.get("bindings", [])
    if not isinstance(given, list):
        raise ValidationError("metadata.bindings must be a list")
    earlier = {binding["name"]: binding for binding in before}
    resolved: dict[str, dict[str, Any]] = {}
    for number, binding in enumerate(given):
        checked = _check(binding, number)
        if checked["type"] == "inherit":
            checked = _inherit(checked, earlier)
        if checked["name"] in resolved:
            raise ValidationError(f"Binding name '{checked['name']}' already in use. Please use a different name")
        resolved[checked["name"]] = checked
    for kind in metadata.get("keep_bindings", []):
        for name, binding in earlier.items():
            if binding["type"] == kind:
                resolved.setdefault(name, dict(binding))
    variables = sum(binding["type"] in _NEEDED for binding in resolved.values())
    if variables > _MOST_VARIABLES:
        raise ValidationError(f"{variables} variables are bound; a Worker can have at most {_MOST_VARIABLES}")
    return list(resolved.values())


def _check(binding: Any, number: int) -> dict[str, Any]:
    where = f"metadata.bindings[{number}]"
    if not isinstance(binding, dict) or not isinstance(binding.get("name"), str) or "type" not in binding:
        raise ValidationError(f"{where} must be an object with a name and a type")
    name, kind = binding["name"], binding["type"]
    if not _NAME.fullmatch(name):
        raise ValidationError(f"{where}: '{name}' is not a valid binding name; it must be a JavaScript identifier")
    if kind != "inherit" and kind not in SERVED:
        served = ", ".join(SERVED)
        raise ValidationError(
            f"{where}: bindings of type '{kind}' are not served by the local cloud; it serves {served}"
        )
    needed = _NEEDED.get(kind)
    if needed and needed not in binding:
        raise ValidationError(f"{where}: binding '{name}' of type {kind} must have '{needed}'")
    if kind == "plain_text":
        text = binding["text"]
        if not isinstance(text, str):
            raise ValidationError(f"{where}: the text of binding '{name}' must be a string")
        if len(text.encode()) > _VARIABLE_BYTES:
            raise ValidationError(f"{where}: binding '{name}' has over {_VARIABLE_BYTES} bytes")
    return dict(binding)


def _inherit(binding: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    found = earlier.get(binding.get("old_name") or binding["name"])
    if found is None:
        raise UnresolvableInheritError(binding["name"])
    return {**found, "name": binding["name"]}
