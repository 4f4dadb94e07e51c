"""The URLs of zones and Workers routes."""

from localcloud.cloudflare.router import Route
from localcloud.cloudflare.zones.responses import ZoneResponses


def routes(of: ZoneResponses) -> tuple[Route, ...]:
    zone = "/zones/{zone_id}"
    return (
        Route("GET", "/zones", of.list_zones),
        Route("POST", "/zones", of.create_zone),
        Route("GET", zone, of.get_zone),
        Route("DELETE", zone, of.delete_zone),
        Route("GET", f"{zone}/workers/routes", of.list_routes),
        Route("POST", f"{zone}/workers/routes", of.create_route),
        Route("GET", f"{zone}/workers/routes/{{route}}", of.get_route),
        Route("PUT", f"{zone}/workers/routes/{{route}}", of.update_route),
        Route("DELETE", f"{zone}/workers/routes/{{route}}", of.delete_route),
    )
