"""cloudflare:index/workersRoute:WorkersRoute."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar, Final

from localcloud.providers.cloudflare.client import Cloudflare
from localcloud.providers.cloudflare.script import IDENTITY, TEXT
from localcloud.providers.protocol.errors import ProviderError, ServiceFailureError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property

_DUPLICATE: Final = "10020"


class WorkersRoute(Resource[Cloudflare]):
    """A URL pattern of a zone that leads to a script. Its id is the server's; import as `ZONE/ROUTE`."""

    pulumi_type = "cloudflare:index/workersRoute:WorkersRoute"
    inputs: ClassVar = {"pattern": Property(required=True), "script": TEXT, "zoneId": IDENTITY}
    exclusive = True

    def create(self, client: Cloudflare, inputs: Mapping[str, Any], identity: Identity) -> str:
        collection = f"/zones/{inputs['zoneId']}/workers/routes"
        body = {"pattern": inputs["pattern"], "script": inputs.get("script")}
        try:
            return str(client.call("POST", collection, body)["id"])
        except ServiceFailureError as error:
            if error.code != _DUPLICATE:
                raise
            # Patterns are unique in a zone. One that already says just this is what a killed create left behind.
            for route in client.call("GET", collection):
                if all(route.get(key) == value for key, value in body.items()):
                    return str(route["id"])
            raise

    def update(
        self, client: Cloudflare, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        body = {"pattern": news["pattern"], "script": news.get("script")}
        client.call("PUT", f"/zones/{news['zoneId']}/workers/routes/{resource_id}", body)

    def read(self, client: Cloudflare, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        zone, route = _place(resource_id, known)
        now = client.find("GET", f"/zones/{zone}/workers/routes/{route}")
        if now is None:
            return None
        return Actual(route, {"zoneId": zone, "pattern": now["pattern"], "script": now.get("script")})

    def delete(self, client: Cloudflare, resource_id: str, known: Mapping[str, Any]) -> None:
        zone, route = _place(resource_id, known)
        client.find("DELETE", f"/zones/{zone}/workers/routes/{route}")


def _place(resource_id: str, known: Mapping[str, Any]) -> tuple[str, str]:
    if known.get("zoneId"):
        return str(known["zoneId"]), resource_id
    zone, found, route = resource_id.partition("/")
    if not found:
        raise ProviderError(f"{WorkersRoute.pulumi_type}: the id {resource_id!r} must have the form ZONE/ROUTE")
    return zone, route
