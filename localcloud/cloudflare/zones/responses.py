"""Requests for zones and routes, answered. Shapes: the official `cloudflare` package, `types/zones/zone.py`."""

from dataclasses import asdict
from typing import Any

from localcloud.cloudflare.envelope import page, success, whole
from localcloud.cloudflare.identity import ACCOUNT_ID, ACCOUNT_NAME
from localcloud.cloudflare.router import Call
from localcloud.cloudflare.zones.models import Zone, Zones
from localcloud.http import Response


class ZoneResponses:
    def __init__(self, zones: Zones) -> None:
        self._zones = zones

    async def list_zones(self, call: Call) -> Response:
        wanted = (
            call.query.get("status", "active") == "active" and call.query.get("account.id", ACCOUNT_ID) == ACCOUNT_ID
        )
        zones = self._zones.all(call.query.get("name")) if wanted else []
        return page([_zone(zone) for zone in zones], call.query)

    async def create_zone(self, call: Call) -> Response:
        return success(_zone(self._zones.create(call.json_object().get("name"))))

    async def get_zone(self, call: Call) -> Response:
        return success(_zone(self._zones.get(call.parameters["zone_id"])))

    async def delete_zone(self, call: Call) -> Response:
        await self._zones.delete(call.parameters["zone_id"])
        return success({"id": call.parameters["zone_id"]})

    async def list_routes(self, call: Call) -> Response:
        return whole([asdict(route) for route in self._zones.routes(call.parameters["zone_id"])])

    async def create_route(self, call: Call) -> Response:
        return await self._put_route(call, None)

    async def get_route(self, call: Call) -> Response:
        return success(asdict(self._zones.route(call.parameters["zone_id"], call.parameters["route"])))

    async def update_route(self, call: Call) -> Response:
        return await self._put_route(call, call.parameters["route"])

    async def delete_route(self, call: Call) -> Response:
        await self._zones.delete_route(call.parameters["zone_id"], call.parameters["route"])
        return success({"id": call.parameters["route"]})

    async def _put_route(self, call: Call, route_id: str | None) -> Response:
        body = call.json_object()
        zone_id = call.parameters["zone_id"]
        return success(asdict(await self._zones.put_route(zone_id, route_id, body.get("pattern"), body.get("script"))))


def _zone(zone: Zone) -> dict[str, Any]:
    return {
        "id": zone.id,
        "name": zone.name,
        "status": "active",
        "paused": False,
        "type": "full",
        "development_mode": 0,
        "name_servers": ["one.ns.localhost", "two.ns.localhost"],
        "original_name_servers": [],
        "created_on": zone.created_on,
        "modified_on": zone.created_on,
        "activated_on": zone.created_on,
        "account": {"id": ACCOUNT_ID, "name": ACCOUNT_NAME},
        "owner": {"id": None, "type": "user", "name": None},
        "meta": {"step": 2, "page_rule_quota": 0, "phishing_detected": False},
        "plan": {"id": "0" * 32, "name": "Local", "price": 0, "currency": "USD", "legacy_id": "free"},
        "permissions": [],
    }
