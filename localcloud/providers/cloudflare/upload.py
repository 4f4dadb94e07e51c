"""A script as the multipart body of its upload.

The order is the real provider's (cloudflare/terraform-provider-cloudflare v5 `internal/services/workers_script`): the
main part, further modules, metadata last. Metadata is in snake_case, nulls are left out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any, Final

from localcloud.providers.cloudflare.client import Answer, Body
from localcloud.providers.protocol.errors import ProviderError

_METADATA: Final = (
    "annotations", "assets", "bindings", "bodyPart", "compatibilityDate", "compatibilityFlags", "keepAssets",
    "keepBindings", "limits", "logpush", "mainModule", "migrations", "observability", "placement", "tailConsumers",
    "usageModel",
)  # fmt: skip
_JAVASCRIPT: Final = "application/javascript+module"
_UPPER: Final = re.compile(r"(?<!^)([A-Z])")
_UNDERSCORE: Final = re.compile(r"_([a-z0-9])")


def upload(inputs: Mapping[str, Any]) -> Body:
    """The body of PUT …/scripts/NAME. Raises ProviderError for a file that is missing or not what its digest says."""
    main = inputs.get("mainModule") or inputs.get("bodyPart") or "worker.js"
    parts = [(main, main, inputs.get("contentType") or _JAVASCRIPT, _content(inputs, "content", main))]
    for name, file in sorted((inputs.get("files") or {}).items()):
        parts.append((name, name, file.get("contentType") or _JAVASCRIPT, _content(file, "contentBase64", name)))
    metadata = {snake(name): _snake(inputs[name]) for name in _METADATA if inputs.get(name) is not None}
    if "annotations" in metadata:
        metadata["annotations"] = {name.replace("_", "/", 1): text for name, text in metadata["annotations"].items()}
    parts.append(("metadata", "", "application/json", json.dumps(metadata).encode()))
    # Derived from the content: the same script is the same request.
    boundary = hashlib.sha256(b"".join(part[3] for part in parts)).hexdigest()
    return Body(f"multipart/form-data; boundary={boundary}", b"".join(_part(boundary, *part) for part in parts)
                + f"--{boundary}--\r\n".encode())  # fmt: skip


def _part(boundary: str, name: str, filename: str, content_type: str, content: bytes) -> bytes:
    disposition = f'form-data; name="{_quoted(name)}"' + (f'; filename="{_quoted(filename)}"' if filename else "")
    head = f"--{boundary}\r\ncontent-disposition: {disposition}\r\ncontent-type: {content_type}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _content(source: Mapping[str, Any], inline: str, name: str) -> bytes:
    path = source.get("contentFile")
    if path is None:
        text: str = source.get(inline) or ""
        return base64.b64decode(text) if inline == "contentBase64" else text.encode()
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise ProviderError(f"{name}: contentFile {path}: {error.strerror}") from error
    digest = source.get("contentSha256")
    if digest and digest != hashlib.sha256(content).hexdigest():
        raise ProviderError(
            f"{name}: contentFile {path} has another SHA-256 digest than contentSha256; run the update again"
        )
    return content


def main_module(answer: Answer) -> str:
    """The first module of GET …/content/v2, which answers multipart or the plain text."""
    if not answer.content_type.startswith("multipart/"):
        return answer.content.decode(errors="replace")
    head = f"content-type: {answer.content_type}\r\n\r\n".encode()
    message = BytesParser(policy=policy.HTTP).parsebytes(head + answer.content)
    part = next(iter(message.iter_parts()))
    payload = part.get_payload(decode=True)
    return payload.decode(errors="replace") if isinstance(payload, bytes) else ""


def snake(name: str) -> str:
    """`compatibilityDate` as `compatibility_date`."""
    return _UPPER.sub(r"_\1", name).lower()


def camel(value: Any) -> Any:
    """Cloudflare's answer with camelCase names at every depth."""
    match value:
        case dict():
            return {_UNDERSCORE.sub(lambda found: found[1].upper(), key): camel(item) for key, item in value.items()}
        case list():
            return [camel(item) for item in value]
        case _:
            return value


def _snake(value: Any) -> Any:
    match value:
        case dict():
            return {snake(key): _snake(item) for key, item in value.items() if item is not None}
        case list():
            return [_snake(item) for item in value]
        case _:
            return value
