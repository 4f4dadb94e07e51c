"""The rules of zones and of their Workers routes."""

import datetime
import re
import sqlite3
import uuid
from dataclasses import dataclass

from localcloud.cloudflare.addresses import Addresses
from localcloud.cloudflare.zones.exceptions import (
    DuplicatePatternError,
    InvalidPatternError,
    InvalidZoneError,
    RouteMissingError,
    RouteScriptMissingError,
    ZoneExistsError,
    ZoneNotFoundError,
)

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})+")
# developers.cloudflare.com/workers/configuration/routing/routes, "Matching behavior".
_PATTERN = re.compile(r"(?:https?://)?(?P<host>\*?[a-z0-9.-]+)(?P<path>/[^*?#]*\*?|)")


@dataclass(frozen=True, slots=True)
class Zone:
    id: str
    name: str
    created_on: str


@dataclass(frozen=True, slots=True)
class WorkerRoute:
    """`script` is None where no Worker shall run, whatever a wider pattern says."""

    id: str
    pattern: str
    script: str | None


class Zones:
    def __init__(self, database: sqlite3.Connection, addresses: Addresses) -> None:
        self._database = database
        self._addresses = addresses

    def all(self, name: str | None = None) -> list[Zone]:
        rows = self._database.execute("select * from zones where name = ?1 or ?1 is null order by name", (name,))
        return [Zone(**row) for row in rows]

    def get(self, zone_id: str) -> Zone:
        row = self._database.execute("select * from zones where id = ?", (zone_id,)).fetchone()
        if row is None:
            raise ZoneNotFoundError(zone_id)
        return Zone(**row)

    def create(self, name: object) -> Zone:
        """Active at once: here is no registrar whose name servers have to change."""
        if not isinstance(name, str) or len(name) > 253 or not _DOMAIN.fullmatch(name):
            raise InvalidZoneError(name)
        zone = Zone(uuid.uuid4().hex, name, datetime.datetime.now(datetime.UTC).isoformat().replace("+00:00", "Z"))
        try:
            with self._database:
                self._database.execute("insert into zones values (?, ?, ?)", (zone.id, zone.name, zone.created_on))
        except sqlite3.IntegrityError:
            raise ZoneExistsError(name) from None
        return zone

    async def delete(self, zone_id: str) -> None:
        """With its routes."""
        self.get(zone_id)
        with self._database:
            self._database.execute("delete from zones where id = ?", (zone_id,))
        await self._addresses.publish()

    def routes(self, zone_id: str) -> list[WorkerRoute]:
        self.get(zone_id)
        query = "select id, pattern, script from routes where zone_id = ? order by pattern"
        return [WorkerRoute(**row) for row in self._database.execute(query, (zone_id,))]

    def route(self, zone_id: str, route_id: str) -> WorkerRoute:
        for route in self.routes(zone_id):
            if route.id == route_id:
                return route
        raise RouteMissingError

    async def put_route(self, zone_id: str, route_id: str | None, pattern: object, script: object) -> WorkerRoute:
        """Creates (without `route_id`) or changes a route. Raises what `exceptions` lists."""
        zone = self.get(zone_id)
        if route_id is not None:
            self.route(zone_id, route_id)
        route = WorkerRoute(route_id or uuid.uuid4().hex, _pattern(pattern, zone), self._script(script))
        try:
            with self._database:
                self._database.execute(
                    "insert into routes values (?, ?, ?, ?) "
                    "on conflict (id) do update set pattern = excluded.pattern, script = excluded.script",
                    (route.id, zone_id, route.pattern, route.script),
                )
        except sqlite3.IntegrityError:
            raise DuplicatePatternError from None
        await self._addresses.publish()
        return route

    async def delete_route(self, zone_id: str, route_id: str) -> None:
        self.route(zone_id, route_id)
        with self._database:
            self._database.execute("delete from routes where id = ?", (route_id,))
        await self._addresses.publish()

    def _script(self, name: object) -> str | None:
        if name is None or name == "":
            return None
        row = self._database.execute("select name from scripts where name = ?", (name,)).fetchone()
        if row is None:
            raise RouteScriptMissingError
        return str(row["name"])


def _pattern(pattern: object, zone: Zone) -> str:
    found = _PATTERN.fullmatch(pattern) if isinstance(pattern, str) else None
    if found is None:
        raise InvalidPatternError(pattern, zone.name)
    host = found["host"].removeprefix("*").removeprefix(".")
    if host != zone.name and not host.endswith("." + zone.name):
        raise InvalidPatternError(pattern, zone.name)
    return found[0]
