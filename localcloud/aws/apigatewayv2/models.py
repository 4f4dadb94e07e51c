"""An HTTP API as it is deployed: what the data plane serves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class ApiRecord:
    """One API with everything below it; documents have the members of botocore's model."""

    api: dict[str, Any]
    integrations: dict[str, dict[str, Any]] = field(default_factory=dict)
    routes: dict[str, dict[str, Any]] = field(default_factory=dict)
    stages: dict[str, dict[str, Any]] = field(default_factory=dict)
    deployments: dict[str, dict[str, Any]] = field(default_factory=dict)
    snapshots: dict[str, dict[str, Any]] = field(default_factory=dict)  # deployment id -> routes, integrations, cors

    def snapshot(self) -> dict[str, Any]:
        """What a deployment freezes."""
        return {
            "routes": {key: dict(value) for key, value in self.routes.items()},
            "integrations": {key: dict(value) for key, value in self.integrations.items()},
            "cors": self.api.get("CorsConfiguration"),
        }


@dataclass(frozen=True, slots=True)
class Target:
    """Where a route leads: a function, how long to wait for it, and who asks."""

    route_key: str
    function_arn: str
    timeout_seconds: float
    source_path: str  # of the execute-api ARN after API/STAGE/: "{method}/pets/{id}" or "$default"
    integration_id: str = ""
