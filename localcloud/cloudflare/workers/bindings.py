"""The bindings of an upload: which kinds are served, how many, and what is taken over from the version before."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from localcloud.cloudflare.workers.exceptions import UnresolvableInheritError, ValidationError

# What the Worker host makes an `env` of (localcloud/cloudflare/host/bindings.mjs).
SERVED = ("ai", "d1", "json", "kv_namespace", "plain_text", "secret_text", "version_metadata")
SECRET = "secret_text"  # noqa: S105 - a kind of binding
_NEEDED = {"d1": "id", "json": "json", "kv_namespace": "namespace_id", "plain_text": "text", SECRET: "text"}
_TEXTS = ("plain_text", SECRET)
_VARIABLES = ("json", *_TEXTS)
_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
# developers.cloudflare.com/workers/platform/limits, paid plan.
_MOST_VARIABLES = 128
_VARIABLE_BYTES = 5 * 1024


def resolve(metadata: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The bindings of the new version. `before` are those of the deployed one, for `inherit` and `keep_bindings`.

    Secrets that an upload does not speak of stay: neither a list of secrets nor `keep_bindings` says otherwise then
    (wrangler: "secrets are never deleted by deployments", though it sends neither). Secrets in `before` are sealed.

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
    kept = metadata.get("keep_bindings")
    if kept is None and all(binding["type"] != SECRET for binding in resolved.values()):
        kept = [SECRET]
    if not isinstance(kept, list | None):
        raise ValidationError("metadata.keep_bindings must be a list of types")
    for kind in kept or []:
        for name, binding in earlier.items():
            if binding["type"] == kind:
                resolved.setdefault(name, dict(binding))
    check_number(resolved.values())
    return list(resolved.values())


def check_number(bindings: Iterable[Mapping[str, Any]]) -> None:
    """Raises ValidationError for more variables and secrets than a Worker can have."""
    variables = sum(binding["type"] in _VARIABLES for binding in bindings)
    if variables > _MOST_VARIABLES:
        raise ValidationError(f"{variables} variables are bound; a Worker can have at most {_MOST_VARIABLES}")


def _check(binding: Any, number: int) -> dict[str, Any]:
    where = f"metadata.bindings[{number}]"
    if not isinstance(binding, dict) or not isinstance(binding.get("name"), str) or "type" not in binding:
        raise ValidationError(f"{where} must be an object with a name and a type")
    name, kind = binding["name"], binding["type"]
    _check_name(name, where)
    if kind != "inherit" and kind not in SERVED:
        served = ", ".join(SERVED)
        raise ValidationError(
            f"{where}: bindings of type '{kind}' are not served by the local cloud; it serves {served}"
        )
    if kind == "d1" and "id" not in binding and "database_id" in binding:
        # The older word for it, which the provider's `databaseId` becomes.
        binding = {"id": binding["database_id"], **{key: binding[key] for key in binding if key != "database_id"}}
    needed = _NEEDED.get(kind)
    if needed and needed not in binding:
        raise ValidationError(f"{where}: binding '{name}' of type {kind} must have '{needed}'")
    if kind in _TEXTS:
        check_text(name, binding["text"], where)
    return dict(binding)


def check_secret(name: str, given: object) -> dict[str, Any]:
    """A secret as the secrets' own endpoints take it. Raises ValidationError."""
    where = "the secret"
    if not isinstance(given, Mapping) or given.get("type") != SECRET:
        raise ValidationError(f"{where} must be an object of the type {SECRET}; the local cloud serves no other type")
    _check_name(name, where)
    check_text(name, given.get("text"), where)
    return {"name": name, "type": SECRET, "text": given["text"]}


def _check_name(name: object, where: str) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValidationError(f"{where}: {name!r} is not a valid binding name; it must be a JavaScript identifier")


def check_text(name: str, text: object, where: str) -> str:
    """A variable's value, secret or not. Raises ValidationError, which does not show it."""
    if not isinstance(text, str):
        raise ValidationError(f"{where}: the text of binding '{name}' must be a string")
    if len(text.encode(errors="surrogatepass")) > _VARIABLE_BYTES:
        raise ValidationError(f"{where}: binding '{name}' has over {_VARIABLE_BYTES} bytes")
    return text


def _inherit(binding: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    found = earlier.get(binding.get("old_name") or binding["name"])
    if found is None:
        raise UnresolvableInheritError(binding["name"])
    return {**found, "name": binding["name"]}
