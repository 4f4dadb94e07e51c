"""What is uploaded as a script: modules and metadata, from the multipart body, in any order of its parts."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from localcloud.cloudflare import multipart
from localcloud.cloudflare.workers import bindings, compatibility
from localcloud.cloudflare.workers.exceptions import ScriptTooLargeError, ValidationError
from localcloud.http import Request

# developers.cloudflare.com/changelog, 2026-09-04: uncompressed, on all plans.
LIMIT_MIB = 64
PYTHON = "text/x-python"
# wrangler's module types (workers-sdk packages/deploy-helpers); source maps come along and are not modules.
_MODULE_TYPES = (
    *("text/x-python", "text/x-python-requirement", "text/plain", "application/octet-stream", "application/json"),
    *("application/javascript+module", "application/javascript", "application/wasm"),
)
_SOURCE_MAP = "application/source-map"
# What an upload's metadata says that stays with the version, and is read back as its settings.
_KEPT = ("limits", "logpush", "observability", "placement", "tail_consumers", "annotations", "tags", "usage_model")
_NOT_SERVED = ("assets", "containers", "exports", "migrations")


@dataclass(frozen=True, slots=True)
class Module:
    """A module under its uploaded name, which is a relative path."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A checked upload. `modules` begin with the main one; `settings` are JSON, with bindings resolved."""

    modules: tuple[Module, ...]
    settings: dict[str, Any]
    etag: str


def read(request: Request, before: Sequence[Mapping[str, Any]]) -> Upload:
    """Checks an upload; `before` are the deployed version's bindings.

    Raises ValidationError (10021), ScriptTooLargeError and UnresolvableInheritError.
    """
    try:
        parts = multipart.parse(request.body, request.header("content-type") or "")
    except multipart.MultipartError as error:
        raise ValidationError(f"could not read the upload: {error}") from error
    metadata = _metadata(parts)
    main = metadata.get("main_module")
    if not isinstance(main, str) or not main:
        raise ValidationError("metadata.main_module is missing; it names the module with the Worker's entry point")
    modules = _modules(parts, main)
    settings = _settings(metadata, before)
    compatibility.check_python(settings["compatibility_flags"])
    return Upload(modules, settings, _etag(modules))


def _metadata(parts: Sequence[multipart.Part]) -> dict[str, Any]:
    found = [part for part in parts if part.name == "metadata"]
    if len(found) != 1:
        raise ValidationError("could not read content for part metadata")
    try:
        metadata = json.loads(found[0].content)
    except ValueError:
        raise ValidationError("could not parse part metadata as JSON") from None
    if not isinstance(metadata, dict):
        raise ValidationError("part metadata must be a JSON object")
    return {name: value for name, value in metadata.items() if value is not None}


def _modules(parts: Sequence[multipart.Part], main: str) -> tuple[Module, ...]:
    modules: dict[str, Module] = {}
    for part in parts:
        content_type = part.content_type.partition(";")[0].strip().lower()
        if part.name == "metadata" or content_type == _SOURCE_MAP:
            continue
        # The file name is the module's, as wrangler and the provider send it; a plain field has its own name only.
        module = Module(part.filename or part.name, content_type, part.content)
        _check_name(module.name)
        if content_type not in _MODULE_TYPES:
            valid = ", ".join(sorted(_MODULE_TYPES))
            raise ValidationError(f"module '{module.name}' has the type '{content_type}'; valid types: {valid}")
        if module.name in modules:
            raise ValidationError(f"module '{module.name}' was uploaded more than once")
        modules[module.name] = module
    if main not in modules:
        raise ValidationError("Uncaught TypeError: Main module name is not present in bundle.\n  at line 0\n")
    if modules[main].content_type != PYTHON:
        raise ValidationError(f"the local cloud runs Python Workers: main module '{main}' must have the type {PYTHON}")
    _check_size(modules.values())
    return (modules.pop(main), *modules.values())


def _check_name(name: str) -> None:
    """Names become files: nothing may lead out of the version's folder."""
    path = PurePosixPath(name)
    plain = path.as_posix() == name and not path.is_absolute() and "\0" not in name and "\\" not in name
    if not plain or ".." in path.parts or name == "." or len(name.encode()) > 1000:
        raise ValidationError(f"module name {name!r} must be a relative path without '..', with / between its parts")


def _check_size(modules: Any) -> None:
    by_size = sorted(modules, key=lambda module: len(module.content), reverse=True)
    if sum(len(module.content) for module in by_size) > LIMIT_MIB << 20:
        raise ScriptTooLargeError(LIMIT_MIB, ", ".join(f"{m.name} ({len(m.content):,} bytes)" for m in by_size[:5]))


def _settings(metadata: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    for name in _NOT_SERVED:
        if metadata.get(name):
            raise ValidationError(f"metadata.{name} is not served by the local cloud yet")
    # Without a date it is this one (developers.cloudflare.com/workers/configuration/compatibility-dates).
    date = metadata.get("compatibility_date", "2021-11-02")
    flags = metadata.get("compatibility_flags", [])
    if not isinstance(date, str) or not isinstance(flags, list):
        raise ValidationError("metadata.compatibility_date must be a string and compatibility_flags a list")
    compatibility.check(date, flags)
    kept = {name: metadata[name] for name in _KEPT if name in metadata}
    _check_limits(kept.get("limits", {}))
    return {
        "compatibility_date": date,
        "compatibility_flags": flags,
        "bindings": bindings.resolve(metadata, before),
        **kept,
    }


def _check_limits(limits: Any) -> None:
    cpu = limits.get("cpu_ms", 1) if isinstance(limits, dict) else None
    # Up to five minutes: developers.cloudflare.com/workers/platform/limits.
    if not isinstance(cpu, int) or not 1 <= cpu <= 300_000:
        raise ValidationError(f"metadata.limits.cpu_ms must be a number from 1 to 300000, not {cpu!r}")


def _etag(modules: Sequence[Module]) -> str:
    digest = hashlib.sha256()
    for module in (modules[0], *sorted(modules[1:], key=lambda module: module.name)):
        for piece in (module.name.encode(), module.content_type.encode(), module.content):
            digest.update(len(piece).to_bytes(8, "big"))
            digest.update(piece)
    return digest.hexdigest()
