"""CloudWatch Logs' API: groups, streams, retention, events, tags. No Insights, metric filters, subscriptions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import orjson

from localcloud.aws.logs.patterns import compile_pattern
from localcloud.aws.logs.store import LogStore
from localcloud.aws.protocol import CallContext, ServiceError, unsupported

_Document = dict[str, Any]
_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


class LogsService:
    """Implements Service on a LogStore."""

    name = "logs"

    def __init__(self, store: LogStore) -> None:
        self._store = store
        self._calls: dict[str, Callable[[_Document, CallContext], _Document]] = {
            "CreateLogGroup": self._create_group,
            "DeleteLogGroup": self._delete_group,
            "DescribeLogGroups": self._describe_groups,
            "PutRetentionPolicy": lambda p, _: self._retain(p, p["retentionInDays"]),
            "DeleteRetentionPolicy": lambda p, _: self._retain(p, None),
            "CreateLogStream": self._create_stream,
            "DeleteLogStream": self._delete_stream,
            "DescribeLogStreams": self._describe_streams,
            "PutLogEvents": self._put,
            "GetLogEvents": self._get,
            "FilterLogEvents": self._filter,
            "TagResource": lambda p, _: self._tag(_group_of(p["resourceArn"]), p["tags"], ()),
            "UntagResource": lambda p, _: self._tag(_group_of(p["resourceArn"]), {}, p["tagKeys"]),
            "ListTagsForResource": lambda p, _: {"tags": self._tags(_group_of(p["resourceArn"]))},
            "TagLogGroup": lambda p, _: self._tag(p["logGroupName"], p["tags"], ()),
            "UntagLogGroup": lambda p, _: self._tag(p["logGroupName"], {}, p["tags"]),
            "ListTagsLogGroup": lambda p, _: {"tags": self._tags(p["logGroupName"])},
        }

    async def call(self, operation: str, params: _Document, context: CallContext) -> _Document:
        """Runs one operation, away from the event loop."""
        found = self._calls.get(operation)
        if found is None:
            raise unsupported("CloudWatch Logs", operation, self._calls)
        return await asyncio.get_running_loop().run_in_executor(None, found, params, context)

    def _need(self, group: str) -> None:
        self._store.flush()
        if not self._store.has_group(group):
            raise ServiceError("ResourceNotFoundException", "The specified log group does not exist.")

    def _need_stream(self, group: str, stream: str) -> int:
        self._need(group)
        rows = self._store.query("SELECT id FROM streams WHERE grp = ? AND name = ?", group, stream)
        if not rows:
            raise ServiceError("ResourceNotFoundException", "The specified log stream does not exist.")
        return int(rows[0]["id"])

    def _create_group(self, params: _Document, _: CallContext) -> _Document:
        if self._store.has_group(params["logGroupName"]):
            raise ServiceError("ResourceAlreadyExistsException", "The specified log group already exists")
        tags = orjson.dumps(params.get("tags") or {}).decode()
        log_class = params.get("logGroupClass", "STANDARD")
        self._store.create_group(params["logGroupName"], log_class, params.get("kmsKeyId"), tags)
        return {}

    def _delete_group(self, params: _Document, _: CallContext) -> _Document:
        self._need(params["logGroupName"])
        self._store.delete_group(params["logGroupName"])
        return {}

    def _describe_groups(self, params: _Document, context: CallContext) -> _Document:
        prefix, inner = params.get("logGroupNamePrefix") or "", params.get("logGroupNamePattern") or ""
        if prefix and inner:
            raise ServiceError("InvalidParameterException", "LogGroup name prefix and pattern are mutually exclusive.")
        rows = self._store.query("SELECT * FROM groups ORDER BY name")
        groups = []
        for row in rows:
            name = row["name"]
            if not name.startswith(prefix) or inner.lower() not in name.lower():
                continue
            arn = f"arn:aws:logs:{context.region}:{context.account}:log-group:{name}"
            groups.append({
                "logGroupName": name, "creationTime": row["created"], "retentionInDays": row["retention"],
                "metricFilterCount": 0, "arn": f"{arn}:*", "logGroupArn": arn, "storedBytes": 0,
                "kmsKeyId": row["kms"], "logGroupClass": row["class"],
            })  # fmt: skip
        return _page("logGroups", groups, params, 50)

    def _retain(self, params: _Document, days: int | None) -> _Document:
        self._need(params["logGroupName"])
        if days is not None and days not in _RETENTIONS:
            raise ServiceError("InvalidParameterException", f"Invalid retention value; valid: {_RETENTIONS}")
        self._store.query("UPDATE groups SET retention = ? WHERE name = ?", days, params["logGroupName"])
        return {}

    def _create_stream(self, params: _Document, _: CallContext) -> _Document:
        group, name = params["logGroupName"], params["logStreamName"]
        self._need(group)
        if self._store.query("SELECT 1 FROM streams WHERE grp = ? AND name = ?", group, name):
            raise ServiceError("ResourceAlreadyExistsException", "The specified log stream already exists")
        self._store.create_stream(group, name)
        return {}

    def _delete_stream(self, params: _Document, _: CallContext) -> _Document:
        self._need_stream(params["logGroupName"], params["logStreamName"])
        self._store.delete_stream(params["logGroupName"], params["logStreamName"])
        return {}

    def _describe_streams(self, params: _Document, context: CallContext) -> _Document:
        group = params.get("logGroupName") or _group_of(params.get("logGroupIdentifier") or "")
        self._need(group)
        rows = self._store.query(
            "SELECT s.name, s.created, MIN(at) AS first, MAX(at) AS last, MAX(ingested) AS ingested FROM streams s "
            "LEFT JOIN events ON stream = s.id WHERE grp = ? GROUP BY s.id ORDER BY s.name", group
        )  # fmt: skip
        if params.get("orderBy") == "LastEventTime":
            rows.sort(key=lambda row: row["last"] or 0)
        if params.get("descending"):
            rows.reverse()
        arn = f"arn:aws:logs:{context.region}:{context.account}:log-group:{group}:log-stream:"
        streams = [
            {
                "logStreamName": row["name"], "creationTime": row["created"], "arn": arn + row["name"],
                "storedBytes": 0,
                "firstEventTimestamp": row["first"], "lastEventTimestamp": row["last"],
                "lastIngestionTime": row["ingested"], "uploadSequenceToken": "1",
            }
            for row in rows
            if row["name"].startswith(params.get("logStreamNamePrefix") or "")
        ]  # fmt: skip
        return _page("logStreams", streams, params, 50)

    def _put(self, params: _Document, _: CallContext) -> _Document:
        self._need_stream(params["logGroupName"], params["logStreamName"])
        events = [(event["timestamp"], event["message"]) for event in params["logEvents"]]
        if any(later[0] < earlier[0] for earlier, later in pairwise(events)):
            text = "Log events in a single PutLogEvents request must be in chronological order."
            raise ServiceError("InvalidParameterException", text)
        now = time.time() * 1000
        accepted = [event for event in events if now - 14 * 86_400_000 <= event[0] <= now + 2 * 3_600_000]
        self._store.write(params["logGroupName"], params["logStreamName"], accepted)
        self._store.flush()
        return {"nextSequenceToken": "1"}

    def _get(self, params: _Document, _: CallContext) -> _Document:
        group = params.get("logGroupName") or _group_of(params.get("logGroupIdentifier") or "")
        number = self._need_stream(group, params["logStreamName"])
        rows = self._store.query(
            "SELECT at, ingested, message FROM events WHERE stream = ? AND at >= ? AND at < ? ORDER BY at, id",
            number, params.get("startTime", 0), params.get("endTime", 2**62),
        )  # fmt: skip
        limit, token = params.get("limit", 10_000), params.get("nextToken")
        total = len(rows)
        if token is None:
            start = 0 if params.get("startFromHead") else max(0, total - limit)
        else:
            position = int(token[2:]) if token[:2] in ("f/", "b/") and token[2:].isdigit() else -1
            if position < 0:
                raise ServiceError("InvalidParameterException", "The specified nextToken is invalid.")
            start = position if token[0] == "f" else max(0, position - limit)
            total = total if token[0] == "f" else min(total, position)
        end = min(total, start + limit)
        events = [
            {"timestamp": r["at"], "message": r["message"], "ingestionTime": r["ingested"]} for r in rows[start:end]
        ]
        return {"events": events, "nextForwardToken": f"f/{end}", "nextBackwardToken": f"b/{start}"}

    def _filter(self, params: _Document, _: CallContext) -> _Document:
        group = params.get("logGroupName") or _group_of(params.get("logGroupIdentifier") or "")
        self._need(group)
        matches = compile_pattern(params.get("filterPattern"))
        rows = self._store.query(
            "SELECT e.id, at, ingested, message, s.name AS stream FROM events e JOIN streams s ON s.id = e.stream "
            "WHERE grp = ? AND at >= ? AND at <= ? ORDER BY at, e.id",
            group, params.get("startTime", 0), params.get("endTime", 2**62),
        )  # fmt: skip
        names, prefix = params.get("logStreamNames"), params.get("logStreamNamePrefix") or ""
        events = [
            {
                "logStreamName": row["stream"], "timestamp": row["at"], "message": row["message"],
                "ingestionTime": row["ingested"], "eventId": str(row["id"]),
            }
            for row in rows
            if row["stream"].startswith(prefix) and (not names or row["stream"] in names) and matches(row["message"])
        ]  # fmt: skip
        return {**_page("events", events, params, 10_000), "searchedLogStreams": []}

    def _tags(self, group: str) -> dict[str, str]:
        self._need(group)
        found: dict[str, str] = orjson.loads(
            self._store.query("SELECT tags FROM groups WHERE name = ?", group)[0]["tags"]
        )
        return found

    def _tag(self, group: str, tags: dict[str, str], gone: Any) -> _Document:
        kept = {name: value for name, value in (self._tags(group) | tags).items() if name not in gone}
        self._store.query("UPDATE groups SET tags = ? WHERE name = ?", orjson.dumps(kept).decode(), group)
        return {}


def _group_of(arn: str) -> str:
    return arn.partition(":log-group:")[2].removesuffix(":*") or arn


def _page(name: str, items: list[_Document], params: _Document, size: int) -> _Document:
    token = params.get("nextToken")
    if token is not None and not token.isdigit():
        raise ServiceError("InvalidParameterException", "The specified nextToken is invalid.")
    start, size = int(token or 0), params.get("limit", size)
    following = str(start + size) if start + size < len(items) else None
    return {name: items[start : start + size], "nextToken": following}
