"""A thin client of Cloudflare's v4 API, on an endpoint of this machine.

Source of the envelope and its codes: developers.cloudflare.com/fundamentals/api/reference, and the official
`cloudflare` package.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from localcloud.providers.protocol.errors import ProviderError, ServiceFailureError

VENDOR: Final = "pulumi_cloudflare"
_TIMEOUT_SECONDS: Final = 120.0
_MISSING: Final = 404


@dataclass(frozen=True, slots=True)
class Body:
    """A request body that is not JSON."""

    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A raw answer: its content type and bytes."""

    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Cloudflare:
    """Calls below the base URL, such as `http://127.0.0.1:4567/client/v4`."""

    base_url: str
    headers: Mapping[str, str] = field(repr=False)

    def cancel(self) -> None:
        """Nothing here waits longer than one request."""

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The envelope's `result`. Raises ServiceFailureError with Cloudflare's own code, as text."""
        answer = self.raw(method, path, body, **query)
        return json.loads(answer.content or b"{}").get("result")

    def find(self, method: str, path: str, **query: Any) -> Any:
        """Like `call`, but None when there is no such thing."""
        try:
            return self.call(method, path, **query)
        except ServiceFailureError as error:
            if error.status == _MISSING:
                return None
            raise

    def raw(self, method: str, path: str, body: Any = None, **query: Any) -> Answer:
        """The answer without reading it as an envelope."""
        parts = urlsplit(self.base_url)
        secure = parts.scheme == "https"
        connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = connect(parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS)
        headers, content = dict(self.headers), b""
        if isinstance(body, Body):
            headers["content-type"], content = body.content_type, body.content
        elif body is not None:
            headers["content-type"], content = "application/json", json.dumps(body).encode()
        given = {name: value for name, value in query.items() if value is not None}
        target = parts.path + path + (f"?{urlencode(given)}" if given else "")
        try:
            connection.request(method, target, content, headers)
            response = connection.getresponse()
            answered = response.read()
        except OSError as error:
            reason = error.strerror or error
            raise ProviderError(
                f"{method} {path}: {self.base_url} does not answer ({reason}); is it started?"
            ) from error
        finally:
            connection.close()
        if response.status >= 400:
            raise _failure(f"{method} {path}", response.status, answered)
        return Answer(response.headers.get("content-type", ""), answered)


def _failure(operation: str, status: int, answered: bytes) -> ServiceFailureError:
    try:
        errors = json.loads(answered)["errors"]
        first = errors[0]
    except (ValueError, LookupError, TypeError):
        return ServiceFailureError(operation, str(status), answered[:200].decode(errors="replace"), status)
    message = "; ".join(str(error.get("message", "")) for error in errors)
    return ServiceFailureError(operation, str(first.get("code", status)), message, status)
