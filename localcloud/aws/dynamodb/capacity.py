"""Capacity units (Developer Guide, "Read/write capacity mode"): a read is 4 KB, a write 1 KB, begun ones count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

_READ_BYTES: Final = 4096
_WRITE_BYTES: Final = 1024


def read_units(size: int, *, consistent: bool) -> float:
    """Units for reading so many bytes at once; nothing found costs as much as something small."""
    units = max(1, -(-size // _READ_BYTES))
    return float(units) if consistent else units / 2


def write_units(before: int, after: int) -> float:
    """Units for a write, by the larger of the item before and after."""
    return float(max(1, -(-max(before, after) // _WRITE_BYTES)))


def consumed(
    params: Mapping[str, Any], table: str, units: float, *, transaction: Literal["Read", "Write"] | None = None
) -> dict[str, Any] | None:
    """ConsumedCapacity, where the request asks for it. Transactions also say which kind of units it was."""
    wanted = params.get("ReturnConsumedCapacity", "NONE")
    if wanted == "NONE":
        return None
    counted: dict[str, Any] = {"CapacityUnits": units}
    if transaction is not None:
        counted[f"{transaction}CapacityUnits"] = units
    return {"TableName": table, **counted, **({"Table": dict(counted)} if wanted == "INDEXES" else {})}


def consumed_by_table(
    params: Mapping[str, Any], units: Mapping[str, float], *, transaction: Literal["Read", "Write"] | None = None
) -> list[dict[str, Any]] | None:
    """The same for several tables."""
    found = [consumed(params, table, count, transaction=transaction) for table, count in units.items()]
    return [entry for entry in found if entry is not None] or None
