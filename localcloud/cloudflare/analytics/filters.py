"""Which rows a query is about: a filter's conditions, by their names' endings."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from localcloud.cloudflare.analytics.dimensions import DIMENSIONS
from localcloud.cloudflare.analytics.exceptions import QueryError
from localcloud.cloudflare.analytics.records import Second

Condition = Callable[[Second], bool]

# developers.cloudflare.com/analytics/graphql-api/features/filtering: no ending is equality. `like` is not among ours.
_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = MappingProxyType(
    {
        "": operator.eq,
        "_neq": operator.ne,
        "_gt": operator.gt,
        "_geq": operator.ge,
        "_lt": operator.lt,
        "_leq": operator.le,
        "_in": lambda value, among: value in among,
        "_notin": lambda value, among: value not in among,
    }
)
ENDINGS: Final = tuple(_COMPARISONS)


def condition(filters: Mapping[str, Any] | None) -> Condition:
    """All of a filter's conditions together. Raises QueryError for a time that is none."""
    found = [_one(name, value) for name, value in (filters or {}).items() if value is not None]
    return lambda second: all(holds(second) for holds in found)


def _one(name: str, value: Any) -> Condition:
    if name in ("AND", "OR"):
        parts = [condition(part) for part in value]
        every = all if name == "AND" else any
        return lambda second: every(part(second) for part in parts)
    dimension, _, ending = name.partition("_")
    compare = _COMPARISONS[f"_{ending}" if ending else ""]
    of = DIMENSIONS[dimension]
    wanted = _wanted(dimension, value)
    return lambda second: compare(_comparable(dimension, of(second)), wanted)


def _wanted(dimension: str, value: Any) -> Any:
    return [_comparable(dimension, one) for one in value] if isinstance(value, list) else _comparable(dimension, value)


def _comparable(dimension: str, value: Any) -> Any:
    return moment(value) if dimension.startswith("datetime") else value


def moment(text: str) -> datetime.datetime:
    """A time, or the first of a day; UTC where it says none. Raises QueryError."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise QueryError(f'error parsing args for "workersInvocationsAdaptive": {text!r} is no time') from None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
