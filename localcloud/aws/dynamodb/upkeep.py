"""What happens by itself: items end, dropped tables empty, the file is kept short, counts are brought up to date."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Final

import orjson

from localcloud.aws.dynamodb.catalog import Catalog
from localcloud.aws.dynamodb.keys import StoredKey
from localcloud.aws.dynamodb.store import Bounds, Store
from localcloud.aws.dynamodb.table import Table
from localcloud.aws.dynamodb.transactions import TOKEN_SECONDS
from localcloud.aws.dynamodb.writes import end_of

_log = logging.getLogger(__name__)
_FEW: Final = 100
_FIVE_YEARS: Final = 5 * 365 * 86_400


class Upkeep:
    """Passes again and again, in small steps between requests."""

    def __init__(self, store: Store, catalog: Catalog, pause_seconds: float) -> None:
        self._store = store
        self._catalog = catalog
        self._pause = pause_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins; returns at once."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Ends, after the step at hand."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._pause)
            try:
                await self.once()
            except Exception:  # noqa: BLE001 - one bad pass must not end all later ones
                _log.exception("upkeep of DynamoDB failed; it is tried again")

    async def once(self) -> None:
        """One pass over all tables."""
        for table in self._catalog:
            if table.ttl is not None and not table.ttl.swept:
                await self._sweep(table)
            await self._expire(table)
        self._store.forget(self._catalog.now() - TOKEN_SECONDS)
        while self._store.purge(_FEW):  # noqa: ASYNC110 - no waiting, but a pause between two steps
            await asyncio.sleep(0)
        if self._store.changed:
            self._store.changed = False
            counts = await asyncio.get_running_loop().run_in_executor(None, self._store.maintain)
            for table in self._catalog:
                items, size = counts.get(table.number, (0, 0))
                if (items, size) != (table.items, table.bytes):
                    self._catalog.keep(replace(table, items=items, bytes=size))

    async def _sweep(self, table: Table) -> None:
        """Notes the ends of items that were written before the time to live was switched on."""
        bounds = Bounds()
        while rows := self._store.rows(table, bounds, _FEW):
            with self._store.transaction():
                for row in rows:
                    self._store.set_end(
                        table, StoredKey(row.partition, row.sort), end_of(table, orjson.loads(row.item))
                    )
            bounds = replace(bounds, low=(rows[-1].partition, rows[-1].sort), low_open=True)
            await asyncio.sleep(0)
        now = self._catalog.current(table)
        if now is not None and now.ttl == table.ttl and now.ttl is not None:
            self._catalog.keep(replace(now, ttl=replace(now.ttl, swept=True)))

    async def _expire(self, table: Table) -> None:
        """Takes away what has ended, within the last five years (Developer Guide, "How it works: DynamoDB TTL")."""
        now = int(self._catalog.now())
        current = self._catalog.current(table)
        while current is not None and current.ttl is not None and current.ttl.swept:
            keys = self._store.expired(current, now - _FIVE_YEARS, now, _FEW)
            if not keys:
                return
            with self._store.transaction():
                for key in keys:
                    self._store.delete(current, key)
            await asyncio.sleep(0)
            current = self._catalog.current(table)
