"""The control plane: tables, their settings and their tags."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from localcloud.aws.dynamodb.catalog import Catalog, check_name
from localcloud.aws.dynamodb.errors import invalid, invalid_values
from localcloud.aws.dynamodb.schema import bounded, encryption, key_schema, new_throughput, refuse_unserved
from localcloud.aws.dynamodb.store import Store
from localcloud.aws.dynamodb.table import TRANSITION_SECONDS, Table, TimeToLive, backups, description
from localcloud.aws.protocol import CallContext

_Document = dict[str, Any]
_CHANGES: Final = (
    "BillingMode",
    "ProvisionedThroughput",
    "SSESpecification",
    "TableClass",
    "DeletionProtectionEnabled",
)
MOST_TAGS: Final = 50
_TAGS_A_PAGE: Final = 10


class Control:
    """Operations on tables, not on their items."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog

    def create(self, params: _Document, context: CallContext) -> _Document:
        """CreateTable."""
        name = params["TableName"]
        check_name(name)
        refuse_unserved(params)
        hash_key, range_key = key_schema(params)
        on_demand, read_units, write_units = new_throughput(params)
        kind, key = encryption(params, context)
        tags = _tags(params.get("Tags") or ())
        self._catalog.check_free(name, context)
        now = self._catalog.now()
        table = Table(
            number=self._store.new_number(),
            region=context.region,
            name=name,
            arn=f"arn:aws:dynamodb:{context.region}:{context.account}:table/{name}",
            id=str(uuid4()),
            hash_key=hash_key,
            range_key=range_key,
            created=now,
            changing_until=now + TRANSITION_SECONDS,
            on_demand=on_demand,
            on_demand_since=now if on_demand else None,
            read_units=read_units,
            write_units=write_units,
            table_class=params.get("TableClass"),
            encryption=kind,
            encryption_key=key,
            protected=bool(params.get("DeletionProtectionEnabled")),
            tags=tags,
        )
        self._catalog.keep(table)
        return {"TableDescription": description(table, now)}

    def describe(self, params: _Document, context: CallContext) -> _Document:
        """DescribeTable."""
        return {"Table": description(self._catalog.find(params["TableName"], context), self._catalog.now())}

    def update(self, params: _Document, context: CallContext) -> _Document:
        """UpdateTable."""
        refuse_unserved(params)
        if not any(params.get(name) is not None for name in _CHANGES):
            raise invalid(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
                "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"
            )
        table = self._catalog.to_change(params["TableName"], context)
        now = self._catalog.now()
        changed = replace(_billed(table, params, now), was_created=False, changing_until=now + TRANSITION_SECONDS)
        if params.get("SSESpecification") is not None:
            kind, key = encryption(params, context)
            changed = replace(changed, encryption=kind, encryption_key=key)
        if params.get("TableClass") is not None:
            changed = replace(changed, table_class=params["TableClass"])
        if params.get("DeletionProtectionEnabled") is not None:
            changed = replace(changed, protected=params["DeletionProtectionEnabled"])
        self._catalog.keep(changed)
        return {"TableDescription": description(changed, now)}

    def delete(self, params: _Document, context: CallContext) -> _Document:
        """DeleteTable."""
        table = self._catalog.to_change(params["TableName"], context)
        if table.protected:
            raise invalid(
                "Resource cannot be deleted as it is currently protected against deletion. "
                "Disable deletion protection first."
            )
        now = self._catalog.now()
        leaving = replace(table, gone_at=now + TRANSITION_SECONDS)
        self._catalog.keep(leaving)
        return {"TableDescription": description(leaving, now)}

    def list(self, params: _Document, context: CallContext) -> _Document:
        """ListTables."""
        start, limit = params.get("ExclusiveStartTableName", ""), params.get("Limit", 100)
        names = sorted(table.name for table in self._catalog if table.region == context.region)
        after = [name for name in names if name > start]
        more = after[limit - 1] if len(after) > limit else None
        return {"TableNames": after[:limit], "LastEvaluatedTableName": more}

    def tag(self, params: _Document, context: CallContext) -> _Document:
        """TagResource."""
        table = self._catalog.of_arn(params["ResourceArn"], context)
        tags = table.tags | _tags(params["Tags"])
        if len(tags) > MOST_TAGS:
            raise invalid_values(f"Too many tags: Tags cannot exceed {MOST_TAGS} per resource")
        self._catalog.keep(replace(table, tags=tags))
        return {}

    def untag(self, params: _Document, context: CallContext) -> _Document:
        """UntagResource."""
        table = self._catalog.of_arn(params["ResourceArn"], context)
        kept = {key: value for key, value in table.tags.items() if key not in params["TagKeys"]}
        self._catalog.keep(replace(table, tags=kept))
        return {}

    def list_tags(self, params: _Document, context: CallContext) -> _Document:
        """ListTagsOfResource, ten a page."""
        tags = sorted(self._catalog.of_arn(params["ResourceArn"], context).tags.items())
        token = params.get("NextToken") or "0"
        if not token.isdigit():
            raise invalid("Invalid NextToken")
        start = int(token)
        more = str(start + _TAGS_A_PAGE) if len(tags) > start + _TAGS_A_PAGE else None
        page = tags[start : start + _TAGS_A_PAGE]
        return {"Tags": [{"Key": key, "Value": value} for key, value in page], "NextToken": more}

    def set_ttl(self, params: _Document, context: CallContext) -> _Document:
        """UpdateTimeToLive. Unlike on AWS it is at once ENABLED, and can be changed again within the hour."""
        wanted = params["TimeToLiveSpecification"]
        name, enabled = wanted["AttributeName"], wanted["Enabled"]
        table = self._catalog.to_change(params["TableName"], context)
        now = table.ttl
        if not enabled and now is None:
            raise invalid("TimeToLive is already disabled")
        if now is not None and now.attribute != name:
            raise invalid(
                f"TimeToLive is active on a different AttributeName: current AttributeName is {now.attribute}"
            )
        if enabled and now is not None:
            raise invalid("TimeToLive is already enabled")
        self._catalog.keep(replace(table, ttl=TimeToLive(attribute=name) if enabled else None))
        return {"TimeToLiveSpecification": wanted}

    def describe_ttl(self, params: _Document, context: CallContext) -> _Document:
        """DescribeTimeToLive."""
        ttl = self._catalog.find(params["TableName"], context).ttl
        if ttl is None:
            return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
        return {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": ttl.attribute}}

    def set_backups(self, params: _Document, context: CallContext) -> _Document:
        """UpdateContinuousBackups. The setting only: the local cloud restores nothing."""
        table = self._catalog.to_change(params["TableName"], context)
        wanted = params["PointInTimeRecoverySpecification"]
        now = self._catalog.now()
        since = (table.recovery_since or now) if wanted["PointInTimeRecoveryEnabled"] else None
        changed = replace(table, recovery_since=since, recovery_days=wanted.get("RecoveryPeriodInDays", 35))
        self._catalog.keep(changed)
        return {"ContinuousBackupsDescription": backups(changed, now)}

    def describe_backups(self, params: _Document, context: CallContext) -> _Document:
        """DescribeContinuousBackups."""
        found = self._catalog.find(params["TableName"], context)
        return {"ContinuousBackupsDescription": backups(found, self._catalog.now())}


def _billed(table: Table, params: _Document, now: float) -> Table:
    mode, units = params.get("BillingMode"), params.get("ProvisionedThroughput")
    if mode == "PAY_PER_REQUEST":
        if units:
            raise invalid_values(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
            )
        if table.on_demand:
            return table
        return replace(table, on_demand=True, on_demand_since=now, read_units=0, write_units=0)
    if mode == "PROVISIONED" and table.on_demand and not units:
        raise invalid_values("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
    if not units:
        return table
    if table.on_demand and mode is None:
        raise invalid_values(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        )
    read, write = bounded(units)
    before = (table.read_units, table.write_units)
    if not table.on_demand and before == (read, write):
        raise invalid(
            "The provisioned throughput for the table will not change. The requested value equals the current value. "
            f"Current ReadCapacityUnits provisioned for the table: {read}. Requested ReadCapacityUnits: {read}. "
            f"Current WriteCapacityUnits provisioned for the table: {write}. Requested WriteCapacityUnits: {write}. "
            "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
        )
    return replace(
        table,
        on_demand=False,
        read_units=read,
        write_units=write,
        throughput_raised=now if read > before[0] or write > before[1] else table.throughput_raised,
        throughput_lowered=now if read < before[0] or write < before[1] else table.throughput_lowered,
    )


def _tags(tags: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in tags:
        if tag["Key"] in found:
            raise invalid(f"Duplicate tag key found: {tag['Key']}")
        if tag["Key"].startswith("aws:"):
            raise invalid_values("Tag keys that start with aws: are reserved for AWS")
        found[tag["Key"]] = tag["Value"]
    if len(found) > MOST_TAGS:
        raise invalid_values(f"Too many tags: Tags cannot exceed {MOST_TAGS} per resource")
    return found
