"""A table: what is known of it, and how the API describes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

TRANSITION_SECONDS: Final = 0.1
"""How long a table is CREATING, UPDATING or DELETING: long enough to be met, as on AWS, short enough to wait for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAttribute:
    """A name and a type, S, N or B."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToLive:
    """When items end. `swept`: whether all items written before it was switched on are known to it."""

    attribute: str
    swept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Times are seconds of the epoch; `changing_until` is when CREATING or UPDATING is over."""

    number: int
    region: str
    name: str
    arn: str
    id: str
    hash_key: KeyAttribute
    range_key: KeyAttribute | None
    created: float
    changing_until: float
    was_created: bool = True
    gone_at: float | None = None
    on_demand: bool = False
    on_demand_since: float | None = None
    read_units: int = 0
    write_units: int = 0
    throughput_raised: float | None = None
    throughput_lowered: float | None = None
    table_class: str | None = None
    encryption: str | None = None
    encryption_key: str | None = None
    protected: bool = False
    ttl: TimeToLive | None = None
    recovery_since: float | None = None
    recovery_days: int = 35
    tags: dict[str, str] = field(default_factory=dict)
    items: int = 0
    bytes: int = 0

    @property
    def keys(self) -> tuple[KeyAttribute, ...]:
        """Partition key, and sort key if there is one."""
        return (self.hash_key,) if self.range_key is None else (self.hash_key, self.range_key)

    def status(self, now: float) -> str:
        """CREATING, UPDATING, DELETING or ACTIVE."""
        if self.gone_at is not None:
            return "DELETING"
        if now >= self.changing_until:
            return "ACTIVE"
        return "CREATING" if self.was_created else "UPDATING"


def table_from(document: dict[str, Any]) -> Table:
    """A table as `document_of` wrote it."""
    plain = dict(document)
    plain["hash_key"] = KeyAttribute(**document["hash_key"])
    plain["range_key"] = KeyAttribute(**document["range_key"]) if document["range_key"] else None
    plain["ttl"] = TimeToLive(**document["ttl"]) if document["ttl"] else None
    return Table(**plain)


def document_of(table: Table) -> dict[str, Any]:
    """A table as plain JSON."""
    return asdict(table)


def description(table: Table, now: float) -> dict[str, Any]:
    """TableDescription. Its counts lag behind, as on AWS, where they are brought up to date every six hours or so."""
    status = table.status(now)
    units = {"ReadCapacityUnits": table.read_units, "WriteCapacityUnits": table.write_units}
    described: dict[str, Any] = {
        "TableName": table.name,
        "TableStatus": status,
        "TableArn": table.arn,
        "TableId": table.id,
        "CreationDateTime": moment(table.created),
        "ItemCount": table.items,
        "TableSizeBytes": table.bytes,
        "DeletionProtectionEnabled": table.protected,
        "ProvisionedThroughput": {
            "NumberOfDecreasesToday": 0,
            "LastIncreaseDateTime": moment(table.throughput_raised),
            "LastDecreaseDateTime": moment(table.throughput_lowered),
            **units,
        },
    }
    if status != "DELETING":
        described["AttributeDefinitions"] = [
            {"AttributeName": key.name, "AttributeType": key.kind}
            for key in sorted(table.keys, key=lambda key: key.name)
        ]
        described["KeySchema"] = [
            {"AttributeName": key.name, "KeyType": kind}
            for key, kind in zip(table.keys, ("HASH", "RANGE"), strict=False)
        ]
    if table.on_demand_since is not None:
        described["BillingModeSummary"] = {
            "BillingMode": "PAY_PER_REQUEST" if table.on_demand else "PROVISIONED",
            "LastUpdateToPayPerRequestDateTime": moment(table.on_demand_since),
        }
    if table.table_class is not None:
        described["TableClassSummary"] = {"TableClass": table.table_class}
    if table.encryption is not None:
        described["SSEDescription"] = {
            "Status": "ENABLED",
            "SSEType": table.encryption,
            "KMSMasterKeyArn": table.encryption_key,
        }
    return described


def backups(table: Table, now: float) -> dict[str, Any]:
    """ContinuousBackupsDescription."""
    recovery: dict[str, Any] = {"PointInTimeRecoveryStatus": "DISABLED"}
    if table.recovery_since is not None:
        earliest = max(table.recovery_since, now - table.recovery_days * 86_400)
        recovery = {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": table.recovery_days,
            "EarliestRestorableDateTime": moment(earliest),
            "LatestRestorableDateTime": moment(max(earliest, now - 300)),
        }
    return {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}


def moment(seconds: float | None) -> datetime | None:
    """Seconds of the epoch as the protocol layer wants times."""
    return None if seconds is None else datetime.fromtimestamp(round(seconds, 3), UTC)
