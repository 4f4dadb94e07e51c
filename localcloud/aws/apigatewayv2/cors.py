"""CORS as an API configures it.

Source: API Gateway developer guide, "Configure CORS for HTTP APIs" (http-api-cors): with CORS configured the API
answers preflights by itself, even without a route for them, and the integration's own CORS headers are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localcloud.http import Request, Response


@dataclass(frozen=True, slots=True)
class Cors:
    """One API's configuration, headers ready to send."""

    origins: tuple[str, ...]
    preflight_headers: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, configuration: dict[str, Any] | None) -> Cors | None:
        """From the model's Cors structure; None where there is none."""
        if not configuration:
            return None
        common = []
        if configuration.get("AllowCredentials"):
            common.append(("access-control-allow-credentials", "true"))
        preflight = list(common)
        for member, name in (("AllowMethods", "methods"), ("AllowHeaders", "headers")):
            if configuration.get(member):
                preflight.append((f"access-control-allow-{name}", ",".join(configuration[member])))
        if configuration.get("MaxAge") is not None:
            preflight.append(("access-control-max-age", str(configuration["MaxAge"])))
        if configuration.get("ExposeHeaders"):
            common.append(("access-control-expose-headers", ",".join(configuration["ExposeHeaders"])))
        return cls(tuple(configuration.get("AllowOrigins") or ()), tuple(preflight), tuple(common))

    def preflight(self, request: Request) -> Response | None:
        """The answer to a preflight, or None where the request is none."""
        origin = request.header("origin")
        if origin is None or request.header("access-control-request-method") is None:
            return None
        allowed = self._allowed(origin)
        headers = [("access-control-allow-origin", allowed), *self.preflight_headers] if allowed else []
        return Response(204, headers, b"")

    def apply(self, request: Request, response: Response) -> None:
        """Replaces the integration's CORS headers by the API's."""
        kept = [header for header in response.headers if not header[0].startswith("access-control-")]
        origin = request.header("origin")
        allowed = self._allowed(origin) if origin is not None else None
        response.headers = [*kept, ("access-control-allow-origin", allowed), *self.headers] if allowed else kept

    def _allowed(self, origin: str) -> str | None:
        if "*" in self.origins:
            return "*"
        scheme = origin.partition("://")[0]
        return origin if origin in self.origins or f"{scheme}://*" in self.origins else None
