"""What of a table changes in place, each by a call of its own, as DynamoDB takes no two kinds of change at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any, Final

from localcloud.providers.aws.client import Aws
from localcloud.providers.aws.table_wait import settled

_Parameters = dict[str, Any]


def _billing(inputs: Mapping[str, Any]) -> _Parameters:
    if inputs["billingMode"] == "PAY_PER_REQUEST":
        return {"BillingMode": "PAY_PER_REQUEST"}
    units = {"ReadCapacityUnits": inputs["readCapacity"], "WriteCapacityUnits": inputs["writeCapacity"]}
    return {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}


def _encryption(inputs: Mapping[str, Any]) -> _Parameters:
    wanted = inputs.get("serverSideEncryption")
    if wanted is None:
        return {}
    if not wanted["enabled"]:
        return {"SSESpecification": {"Enabled": False}}
    key = {"KMSMasterKeyId": wanted["kmsKeyArn"]} if wanted.get("kmsKeyArn") else {}
    return {"SSESpecification": {"Enabled": True, "SSEType": "KMS", **key}}


def _class(inputs: Mapping[str, Any]) -> _Parameters:
    return {"TableClass": inputs["tableClass"]} if inputs.get("tableClass") else {}


def _protection(inputs: Mapping[str, Any]) -> _Parameters:
    return {"DeletionProtectionEnabled": bool(inputs.get("deletionProtectionEnabled"))}


KINDS: Final[Mapping[str, Callable[[Mapping[str, Any]], _Parameters]]] = {
    "billing": _billing,
    "encryption": _encryption,
    "class": _class,
    "protection": _protection,
}
"""Parameters of CreateTable and UpdateTable, by kind."""

_KIND_OF: Final = {
    "billingMode": "billing",
    "readCapacity": "billing",
    "writeCapacity": "billing",
    "serverSideEncryption": "encryption",
    "tableClass": "class",
    "deletionProtectionEnabled": "protection",
}
_ABSENT: Final = {"serverSideEncryption": {"enabled": False}, "tableClass": "STANDARD"}


def change(client: Aws, name: str, news: Mapping[str, Any], changed: Set[str]) -> None:
    """Brings the table to the new inputs, and waits after each kind of change."""
    region = news.get("region")
    explicit = {**_ABSENT, **{key: value for key, value in news.items() if value is not None}}
    for kind in sorted({_KIND_OF[key] for key in changed if key in _KIND_OF}):
        client.call("dynamodb", "UpdateTable", region, TableName=name, **KINDS[kind](explicit))
        settled(client, name, region)


def set_ttl(client: Aws, name: str, news: Mapping[str, Any]) -> None:
    """Switches the time to live. Another attribute takes two steps: off, then on."""
    region, now = news.get("region"), _live(client, name, news.get("region"))
    wanted = news.get("ttl") or {}
    attribute = wanted.get("attributeName") if wanted.get("enabled") else None
    if now == attribute:
        return
    if now is not None:
        off = {"AttributeName": now, "Enabled": False}
        client.call("dynamodb", "UpdateTimeToLive", region, TableName=name, TimeToLiveSpecification=off)
    if attribute is not None:
        on = {"AttributeName": attribute, "Enabled": True}
        client.call("dynamodb", "UpdateTimeToLive", region, TableName=name, TimeToLiveSpecification=on)


def ttl(client: Aws, name: str, known: Mapping[str, Any]) -> dict[str, Any] | None:
    """The input `ttl` as it is now."""
    attribute = _live(client, name, known.get("region"))
    if attribute is not None:
        return {"attributeName": attribute, "enabled": True}
    return {**known["ttl"], "enabled": False} if known.get("ttl") else None


def set_recovery(client: Aws, name: str, news: Mapping[str, Any]) -> None:
    """Switches point-in-time recovery."""
    wanted = news.get("pointInTimeRecovery") or {"enabled": False}
    if not wanted["enabled"] and recovery(client, name, {"region": news.get("region")}) is None:
        return
    specification = {"PointInTimeRecoveryEnabled": wanted["enabled"]}
    if wanted["enabled"] and wanted.get("recoveryPeriodInDays"):
        specification["RecoveryPeriodInDays"] = wanted["recoveryPeriodInDays"]
    client.call(
        "dynamodb",
        "UpdateContinuousBackups",
        news.get("region"),
        TableName=name,
        PointInTimeRecoverySpecification=specification,
    )


def recovery(client: Aws, name: str, known: Mapping[str, Any]) -> dict[str, Any] | None:
    """The input `pointInTimeRecovery` as it is now."""
    answer = client.call("dynamodb", "DescribeContinuousBackups", known.get("region"), TableName=name)
    found = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    if found.get("PointInTimeRecoveryStatus") == "ENABLED":
        return {"enabled": True, "recoveryPeriodInDays": found.get("RecoveryPeriodInDays")}
    return {"enabled": False} if known.get("pointInTimeRecovery") else None


def _live(client: Aws, name: str, region: str | None) -> str | None:
    """The attribute of the time to live, where it is on."""
    found = client.call("dynamodb", "DescribeTimeToLive", region, TableName=name)["TimeToLiveDescription"]
    return str(found["AttributeName"]) if found["TimeToLiveStatus"] in {"ENABLED", "ENABLING"} else None
