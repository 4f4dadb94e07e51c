"""Cloudflare's v4 API, for what its Pulumi provider has no resource for."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi

from components.errors import ComponentError

BASE_URL: Final = "https://api.cloudflare.com/client/v4"
_SECONDS = 30


class ApiError(ComponentError):
    """A call to Cloudflare's API failed. `codes` are Cloudflare's own, empty where it did not answer."""

    code = "CloudflareApiError"

    def __init__(self, call: str, detail: str, codes: tuple[int, ...] = ()) -> None:
        self.codes = codes
        super().__init__(f"{call}: {detail}")


@dataclass(frozen=True, slots=True)
class Api:
    """Where the API is and how to show who asks: as the provider does it, from the same config and variables."""

    base_url: str
    headers: Mapping[str, str] = field(repr=False)

    @classmethod
    def of_provider(cls) -> Api:
        """As the stack's default provider is configured. What is missing is found out by the first call."""
        config = pulumi.Config("cloudflare")

        def value(key: str, variable: str) -> str:
            return config.get(key) or os.environ.get(variable, "")

        token, key, email = (
            value("apiToken", "CLOUDFLARE_API_TOKEN"),
            value("apiKey", "CLOUDFLARE_API_KEY"),
            value("email", "CLOUDFLARE_EMAIL"),
        )
        headers = {"Authorization": f"Bearer {token}"} if token else {"X-Auth-Key": key, "X-Auth-Email": email}
        return cls((value("baseUrl", "CLOUDFLARE_BASE_URL") or BASE_URL).rstrip("/"), headers)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The answer's `result`. Raises ApiError."""
        # Here, for only a deployment that changes something comes by: an HTTP client takes 50 ms to import.
        from urllib.error import HTTPError, URLError  # noqa: PLC0415
        from urllib.request import Request, urlopen  # noqa: PLC0415

        headers = {**self.headers, "Content-Type": "application/json", "User-Agent": "parallax"}
        url = self.base_url + path
        call = f"POST {url}"
        if not url.startswith(("https://", "http://")):
            raise ApiError(call, "the base URL of Cloudflare's API must start with https://")
        request = Request(url, json.dumps(body).encode(), headers)  # noqa: S310  # just checked
        try:
            with urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
                answer = json.load(response)
        except HTTPError as error:
            with error:
                answer = _envelope(error.read())
            raise ApiError(call, f"HTTP {error.code}{_told(answer)}", _codes(answer)) from None
        except (URLError, OSError, ValueError) as error:
            raise ApiError(call, str(error)) from error
        if not answer.get("success"):
            raise ApiError(call, f"refused{_told(answer)}", _codes(answer))
        return answer["result"]


def _envelope(content: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _told(answer: Mapping[str, Any]) -> str:
    errors = answer.get("errors") or []
    return "".join(f"; {error.get('code')}: {error.get('message')}" for error in errors)


def _codes(answer: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(int(error.get("code", 0)) for error in answer.get("errors") or [])
