"""The rules of the dataset: what it has, for how long, and how a query is answered."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, cast

from graphql import GraphQLError, GraphQLObjectType, GraphQLResolveInfo, execute_sync, parse, validate

from localcloud.cloudflare.analytics.exceptions import NotAuthorizedError, QuotaError
from localcloud.cloudflare.analytics.filters import condition, moment
from localcloud.cloudflare.analytics.groups import grouped
from localcloud.cloudflare.analytics.records import InvocationTable
from localcloud.cloudflare.analytics.schema import DATASET, RULES, schema
from localcloud.cloudflare.analytics.selection import dimensions
from localcloud.cloudflare.host import HostRefusedError, HostUnreachableError
from localcloud.cloudflare.identity import ACCOUNT_ID

# What clients of the real API were told: "cannot request data older than 12w6d", "a time range wider than 4w4d".
_OLDEST: Final = datetime.timedelta(weeks=12, days=6)
_WIDEST: Final = datetime.timedelta(weeks=4, days=4)
_MOST_ROWS: Final = 10_000
_STARTS: Final = ("datetime_geq", "datetime_gt", "date_geq", "date_gt")
_ENDS: Final = ("datetime_leq", "datetime_lt", "date_leq", "date_lt")
# A departure: a local disk is not filled with three months of load tests.
_KEPT: Final = datetime.timedelta(days=7)


class Recorder(Protocol):
    """What knows of requests: the Worker host."""

    async def invocations(self) -> Sequence[Mapping[str, Any]]:
        """All since the last call. Raises HostUnreachableError, HostRefusedError."""


class Analytics:
    """The dataset. Unlike Cloudflare's it is neither sampled nor some minutes behind."""

    def __init__(self, table: InvocationTable, recorder: Recorder, now: Callable[[], float] = time.time) -> None:
        self._table = table
        self._recorder = recorder
        self._now = now
        self._schema = schema()
        for owner, name, resolve in (
            ("Query", "viewer", _viewer),
            ("viewer", "accounts", _accounts),
            ("account", DATASET, self._rows),
        ):
            cast("GraphQLObjectType", self._schema.type_map[owner]).fields[name].resolve = resolve

    async def collect(self) -> None:
        """Takes over what the host has told nobody yet. A host that is being restarted has nothing."""
        try:
            told = await self._recorder.invocations()
        except (HostUnreachableError, HostRefusedError):
            return
        self._table.add(told)
        self._table.forget_before(int(self._now() - _KEPT.total_seconds()))

    async def query(
        self, text: str, variables: Mapping[str, Any], operation: str | None = None
    ) -> tuple[Any, Sequence[GraphQLError]]:
        """Data and errors."""
        await self.collect()
        try:
            document = parse(text)
        except GraphQLError as error:
            return None, [error]
        if wrong := validate(self._schema, document, RULES):
            return None, wrong
        done = execute_sync(self._schema, document, variable_values=dict(variables), operation_name=operation)
        return done.data, done.errors or []

    def _rows(self, _: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> list[dict[str, Any]]:
        limit, order = arguments["limit"], arguments.get("orderBy") or []
        if not isinstance(limit, int) or not 1 <= limit <= _MOST_ROWS:
            raise QuotaError(f"limit must be positive number and not greater than {_MOST_ROWS}")
        holds = condition(arguments.get("filter"))
        first, last = self._times(arguments.get("filter") or {})
        seconds = (second for second in self._table.between(first, last) if holds(second))
        keys = [(one.rpartition("_")[0], one.endswith("_DESC")) for one in order]
        groups = grouped(seconds, [*dict.fromkeys([*dimensions(info), *(name for name, _ in keys)])])
        for name, falling in reversed(keys):
            groups.sort(key=_by(name), reverse=falling)
        return groups[:limit]

    def _times(self, filters: Mapping[str, Any]) -> tuple[int, int]:
        """The first and last second that a filter can be about, as far as its outermost conditions say."""
        now = datetime.datetime.fromtimestamp(self._now(), datetime.UTC)
        starts = [moment(filters[name]) for name in _STARTS if filters.get(name)]
        ends = [moment(filters[name]) for name in _ENDS if filters.get(name)]
        first, last = max(starts, default=now - _WIDEST), min(ends, default=now)
        if first < now - _OLDEST:
            raise QuotaError("cannot request data older than 12w6d")
        if last - first > _WIDEST:
            raise QuotaError("cannot request a time range wider than 4w4d")
        return int(first.timestamp()), int(last.timestamp()) + 86_400


def _by(dimension: str) -> Callable[[Mapping[str, Any]], str]:
    def value(group: Mapping[str, Any]) -> str:
        return str(group["dimensions"][dimension])

    return value


def _viewer(_: Any, __: GraphQLResolveInfo[Any]) -> dict[str, Any]:
    return {}


def _accounts(_: Any, __: GraphQLResolveInfo[Any], **arguments: Any) -> list[dict[str, str]]:
    wanted = (arguments.get("filter") or {}).get("accountTag", ACCOUNT_ID)
    if wanted != ACCOUNT_ID:
        raise NotAuthorizedError(f"the local cloud has no account {wanted}; its only account is {ACCOUNT_ID}")
    return [{"accountTag": ACCOUNT_ID}]
