"""The tables there are. Their changes of state happen by the clock, seen by whoever looks next."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Final

from localcloud.aws.dynamodb.errors import in_use, invalid, table_missing
from localcloud.aws.dynamodb.store import Store
from localcloud.aws.dynamodb.table import Table
from localcloud.aws.protocol import CallContext

_ARN: Final = re.compile(r"arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):(\d{12}):table/([^/]+)")
_NAME: Final = re.compile(r"[a-zA-Z0-9_.-]+")


class Catalog:
    """All tables, in memory, each change on disk before it is answered."""

    def __init__(self, store: Store, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._tables = {(table.region, table.name): table for table in store.tables()}
        self.now = now

    def __iter__(self) -> Iterator[Table]:
        return iter([table for table in self._tables.values() if not self._end(table)])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def for_items(self, named: str, context: CallContext) -> Table:
        """A table whose items can be read and written; a name or an ARN. Raises ServiceError."""
        table = self._tables.get((context.region, named)) or self._find(named, context)
        if table is None or table.gone_at is not None or (table.was_created and self.now() < table.changing_until):
            raise table_missing()
        return table

    def find(self, named: str, context: CallContext) -> Table:
        """A table in whatever state. Raises ServiceError."""
        table = self._find(named, context)
        if table is None:
            raise table_missing(named)
        return table

    def to_change(self, named: str, context: CallContext) -> Table:
        """A table that takes a change. Raises ServiceError(ResourceInUseException) where one is under way."""
        table = self.find(named, context)
        doing = {"CREATING": "created", "UPDATING": "updated", "DELETING": "deleted"}.get(table.status(self.now()))
        if doing is not None:
            raise in_use(f"Attempt to change a resource which is still in use: Table is being {doing}: {table.name}")
        return table

    def check_free(self, name: str, context: CallContext) -> None:
        """Raises ServiceError(ResourceInUseException) where there is a table of that name."""
        table = self._find(name, context)
        if table is not None and table.gone_at is not None:
            raise in_use(f"Attempt to change a resource which is still in use: Table is being deleted: {name}")
        if table is not None:
            raise in_use(f"Table already exists: {name}")

    def keep(self, table: Table) -> None:
        """Puts a table in, or in the place of its earlier self."""
        self._store.save(table)
        self._tables[table.region, table.name] = table

    def current(self, table: Table) -> Table | None:
        """The same table as it is now, or None."""
        found = self._tables.get((table.region, table.name))
        return found if found is not None and found.number == table.number else None

    def of_arn(self, arn: str, context: CallContext) -> Table:
        """The table of a ResourceArn. Raises ServiceError."""
        if _ARN.fullmatch(arn) is None:
            raise invalid(f"Invalid TableArn: Invalid ResourceArn provided as input {arn}")
        table = self._find(arn, context)
        if table is None:
            missing = table_missing()
            missing.message = f"Requested resource not found: ResourcArn: {arn} not found"
            raise missing
        return table

    def _find(self, named: str, context: CallContext) -> Table | None:
        region, name = context.region, named
        found = _ARN.fullmatch(named)
        if found is not None:
            region, name = found[1], found[3]
        check_name(name)
        table = self._tables.get((region, name))
        return None if table is None or self._end(table) else table

    def _end(self, table: Table) -> bool:
        """Whether the table is gone; one whose time is over is dropped now."""
        if table.gone_at is None or self.now() < table.gone_at:
            return False
        self._tables.pop((table.region, table.name), None)
        self._store.drop(table)
        return True


def check_name(name: str) -> None:
    """Raises ServiceError(ValidationException)."""
    if not 3 <= len(name) <= 255:
        raise invalid("TableName must be at least 3 characters long and at most 255 characters long")
    if not _NAME.fullmatch(name):
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
        )
