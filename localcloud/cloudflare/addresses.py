"""Which scripts answer where: told to the host as a whole after every change."""

import contextlib
import sqlite3

from localcloud.cloudflare.host import HostUnreachableError, WorkerHost


class Addresses:
    """workers.dev names and routes, read from the rows of their owners."""

    def __init__(self, database: sqlite3.Connection, host: WorkerHost) -> None:
        self._database = database
        self._host = host

    async def publish(self) -> None:
        """A host that cannot be reached is being restarted, and is told afterwards."""
        enabled = self._database.execute("select name, subdomain_enabled from scripts")
        subdomain = {row["name"]: bool(row["subdomain_enabled"]) for row in enabled}
        found = self._database.execute("select pattern, script from routes order by pattern")
        routes = [{"pattern": row["pattern"], "script": row["script"]} for row in found]
        with contextlib.suppress(HostUnreachableError):
            await self._host.address(subdomain, routes)
