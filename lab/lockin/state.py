"""The resources of a Pulumi stack, from what `pulumi stack export` writes or from a checkpoint file.

Only names and types are read. Inputs and outputs, secret or not, are never looked at. The forms are those of Pulumi's
own apitype package (UntypedDeployment, VersionedCheckpoint, DeploymentV3, ResourceV3):
https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3/go/common/apitype
"""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lab.errors import InvalidStateError

STANDARD_INPUT: Final = Path("-")
_EXPORT: Final = "write one with `pulumi stack export --file FILE`, or give - and pipe it in"
_VERSIONS: Final = (3, 4)
_PULUMI: Final = "pulumi:"
"""Types of Pulumi's own: the stack, and providers."""
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackResource:
    """A resource that a provider has made; `ancestors` are the types of the components around it, outermost first."""

    name: str
    type: str
    ancestors: tuple[str, ...]


def read_state(path: Path) -> tuple[StackResource, ...]:
    """`path` is a file, or `-` for standard input. Raises InvalidStateError."""
    if path == STANDARD_INPUT:
        return parse_state(sys.stdin.buffer.read(), "standard input")
    try:
        return parse_state(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise InvalidStateError(f"there is no file {path}: {_EXPORT}") from None
    except OSError as error:
        raise InvalidStateError(f"{path} cannot be read ({error.strerror}): {_EXPORT}") from error


def parse_state(content: bytes, where: str) -> tuple[StackResource, ...]:
    """Resources in the state's order, without components, providers, what is only read (`external`) and what is to be
    deleted. `where` is how errors name it. Raises InvalidStateError.
    """
    deployment = _deployment(_json(content, where), where)
    entries = deployment.get("resources") or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InvalidStateError(f"{where}: `resources` is no list of resources: {_EXPORT}")
    if not entries:
        raise InvalidStateError(
            f"{where}: the stack has no resources; deploy it first (`pulumi up`), or leave the state out and count code"
        )
    return tuple(_resources(entries, where))


def _json(content: bytes, where: str) -> dict[str, Any]:
    try:
        text = gzip.decompress(content) if content.startswith(_GZIP) else content
        found = json.loads(text)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        # The text is not quoted: it may hold what is secret.
        what = "is empty" if not content.strip() else "is no JSON (cut off, encrypted, or another file)"
        raise InvalidStateError(f"{where} {what}: {_EXPORT}") from error
    if not isinstance(found, dict):
        raise InvalidStateError(f"{where} is JSON, and no export of a stack: {_EXPORT}")
    return found


def _deployment(found: dict[str, Any], where: str) -> dict[str, Any]:
    version = found.get("version")
    checkpoint = found.get("checkpoint")
    deployment = checkpoint.get("latest") if isinstance(checkpoint, dict) else found.get("deployment")
    if "version" not in found or not ({"deployment", "checkpoint"} & found.keys()):
        raise InvalidStateError(f"{where} is JSON, and no export of a stack: {_EXPORT}")
    if version not in _VERSIONS:
        known = ", ".join(str(each) for each in _VERSIONS)
        raise InvalidStateError(f"{where} has the version {version!r}; this lab reads {known}: export with another CLI")
    if deployment is None:
        return {}
    if not isinstance(deployment, dict) or ("ciphertext" in deployment and "resources" not in deployment):
        raise InvalidStateError(f"{where} is encrypted as a whole, or damaged: {_EXPORT}")
    return deployment


def _resources(entries: list[dict[str, Any]], where: str) -> Iterator[StackResource]:
    for number, entry in enumerate(entries, 1):
        urn, token = entry.get("urn"), entry.get("type")
        # urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME, and a name may hold anything.
        parts = urn.split("::", 3) if isinstance(urn, str) else []
        if len(parts) != 4 or not isinstance(token, str):
            raise InvalidStateError(f"{where}: resource {number} has no URN or no type: {_EXPORT}")
        if not entry.get("custom") or entry.get("delete") or entry.get("external") or token.startswith(_PULUMI):
            continue
        yield StackResource(name=parts[3], type=token, ancestors=tuple(parts[2].split("$")[:-1]))
