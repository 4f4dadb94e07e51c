"""The invokes: accounts and zones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from localcloud.providers.cloudflare.client import Cloudflare
from localcloud.providers.cloudflare.upload import camel
from localcloud.providers.protocol.errors import ProviderError


def get_account(client: Cloudflare, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """cloudflare:index/getAccount:getAccount."""
    if account := arguments.get("accountId"):
        return {**arguments, **camel(client.call("GET", f"/accounts/{account}"))}
    name = (arguments.get("filter") or {}).get("name")
    found = _one("getAccount", client.call("GET", "/accounts", name=name))
    return {**arguments, **found, "accountId": found["id"]}


def get_zone(client: Cloudflare, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """cloudflare:index/getZone:getZone."""
    if zone := arguments.get("zoneId"):
        return {**arguments, **camel(client.call("GET", f"/zones/{zone}"))}
    name = (arguments.get("filter") or {}).get("name")
    found = _one("getZone", client.call("GET", "/zones", name=name))
    return {**arguments, **found, "zoneId": found["id"]}


def get_zones(client: Cloudflare, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """cloudflare:index/getZones:getZones."""
    query = {name: arguments.get(name) for name in ("name", "status", "match", "order", "direction")}
    found = camel(client.call("GET", "/zones", **query))
    return {**arguments, "id": "zones", "results": found[: arguments.get("maxItems") or len(found)]}


def _one(function: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    if len(found) != 1:
        raise ProviderError(f"{function}: the filter must match one, and matches {len(found)}; give the id instead")
    only: dict[str, Any] = camel(found[0])
    return only


FUNCTIONS: Final[Mapping[str, Callable[[Cloudflare, Mapping[str, Any]], dict[str, Any]]]] = {
    "cloudflare:index/getAccount:getAccount": get_account,
    "cloudflare:index/getZone:getZone": get_zone,
    "cloudflare:index/getZones:getZones": get_zones,
}
