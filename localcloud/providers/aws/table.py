"""aws:dynamodb/table:Table, without secondary indexes, streams, replicas, imports and restores."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar

from localcloud.providers.aws.client import MARK, Aws, api_tags
from localcloud.providers.aws.common import FLAG, IDENTITY, MAP, NUMBER, REPLACING, REQUIRED, TEXT, block
from localcloud.providers.aws.half_made import existing
from localcloud.providers.aws.leftovers import create_over_leftover
from localcloud.providers.aws.table_settings import KINDS, change, recovery, set_recovery, set_ttl, ttl
from localcloud.providers.aws.table_wait import settled
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Failure, Property
from localcloud.providers.protocol.values import Unknown

_UNITS = ("readCapacity", "writeCapacity")


class Table(Resource[Aws]):
    """A table. Its keys are for life; all else changes in place."""

    pulumi_type = "aws:dynamodb/table:Table"
    inputs: ClassVar = {
        # Without secondary indexes they are the keys' types, and those are for life.
        "attributes": Property(
            "set",
            required=True,
            replaces=True,
            fields={"name": REQUIRED, "type": Property(required=True, choices=("S", "N", "B"))},
        ),
        "billingMode": Property(default="PROVISIONED", choices=("PROVISIONED", "PAY_PER_REQUEST")),
        "deletionProtectionEnabled": FLAG,
        "hashKey": IDENTITY,
        "name": REPLACING,
        "pointInTimeRecovery": block(
            enabled=Property("boolean", required=True), recoveryPeriodInDays=Property("integer")
        ),
        "rangeKey": REPLACING,
        "readCapacity": NUMBER,
        "region": REPLACING,
        "serverSideEncryption": block(enabled=Property("boolean", required=True), kmsKeyArn=TEXT),
        "tableClass": Property(choices=("STANDARD", "STANDARD_INFREQUENT_ACCESS")),
        "tags": MAP,
        "ttl": block(attributeName=TEXT, enabled=FLAG),
        "writeCapacity": NUMBER,
    }
    outputs = ("arn", "region", "streamArn", "streamLabel", "tagsAll")
    stables = ("arn", "name", "region")
    name = AutoName(limit=255)

    def check(self, inputs: Mapping[str, Any]) -> list[Failure]:
        found: list[Failure] = []
        keys = [inputs[key] for key in ("hashKey", "rangeKey") if inputs.get(key) is not None]
        names = _names(inputs.get("attributes"))
        if names is not None and not any(isinstance(key, Unknown) for key in keys) and names != set(keys):
            wanted, given = ", ".join(sorted(keys)), ", ".join(sorted(names))
            found.append(Failure("attributes", f"must be those of the keys, {wanted}, and are {given}"))
        on_demand = inputs.get("billingMode") == "PAY_PER_REQUEST"
        for units in _UNITS:
            if on_demand and inputs.get(units):
                found.append(Failure(units, "goes with the billing mode PROVISIONED only"))
            elif inputs.get("billingMode") == "PROVISIONED" and inputs.get(units) is None:
                found.append(Failure(units, "is required with the billing mode PROVISIONED and was not given"))
        time_to_live = inputs.get("ttl")
        if isinstance(time_to_live, dict) and time_to_live.get("enabled") and not time_to_live.get("attributeName"):
            found.append(Failure("ttl.attributeName", "is required where ttl is enabled and was not given"))
        return found

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        region = inputs.get("region", client.region)
        return {"region": region, "tagsAll": client.tags(inputs), "streamArn": "", "streamLabel": ""}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        name, region = inputs["name"], inputs.get("region")
        schema = [("HASH", inputs["hashKey"]), ("RANGE", inputs.get("rangeKey"))]

        def make() -> None:
            client.call(
                "dynamodb",
                "CreateTable",
                region,
                TableName=name,
                AttributeDefinitions=[
                    {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
                    for attribute in inputs["attributes"]
                ],
                KeySchema=[{"AttributeName": key, "KeyType": kind} for kind, key in schema if key is not None],
                Tags=api_tags(client.marked_tags(inputs, identity)),
                **KINDS["billing"](inputs),
                **KINDS["encryption"](inputs),
                **KINDS["class"](inputs),
                **KINDS["protection"](inputs),
            )

        def is_leftover() -> bool:
            table = settled(client, name, region)
            # One that is gone by now was on its way out, and in nobody's way.
            return table is None or _tags(client, table["TableArn"], region).get(MARK) == identity.mark

        create_over_leftover(make, is_leftover, lambda: _remove(client, name, region, protected=True))
        with existing(name, inputs):
            settled(client, name, region)
            set_ttl(client, name, inputs)
            set_recovery(client, name, inputs)
        return str(name)

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        region = known.get("region")
        table = settled(client, resource_id, region)
        if table is None:
            return None
        tags = _tags(client, table["TableArn"], region)
        keys = {element["KeyType"]: element["AttributeName"] for element in table["KeySchema"]}
        billing = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
        units = table["ProvisionedThroughput"] if billing == "PROVISIONED" else {}
        encryption = _encryption(table.get("SSEDescription", {}))
        protected, table_class = (
            table.get("DeletionProtectionEnabled"),
            table.get("TableClassSummary", {}).get("TableClass"),
        )
        inputs = {
            "attributes": [
                {"name": found["AttributeName"], "type": found["AttributeType"]}
                for found in table["AttributeDefinitions"]
            ],
            "billingMode": billing,
            "deletionProtectionEnabled": _told(known, "deletionProtectionEnabled", protected, unset=False),
            "hashKey": keys["HASH"],
            "name": table["TableName"],
            "pointInTimeRecovery": recovery(client, resource_id, known),
            "rangeKey": keys.get("RANGE"),
            "readCapacity": units.get("ReadCapacityUnits"),
            "serverSideEncryption": _told(known, "serverSideEncryption", encryption, unset={"enabled": False}),
            "tableClass": _told(known, "tableClass", table_class, unset="STANDARD"),
            "tags": client.own_tags(tags),
            "ttl": ttl(client, resource_id, known),
            "writeCapacity": units.get("WriteCapacityUnits"),
        }
        outputs = {
            "arn": table["TableArn"],
            "region": region or client.region,
            "streamArn": table.get("LatestStreamArn", ""),
            "streamLabel": table.get("LatestStreamLabel", ""),
            "tagsAll": {key: value for key, value in tags.items() if key != MARK},
        }
        return Actual(str(table["TableName"]), inputs, outputs)

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        region = news.get("region")
        settled(client, resource_id, region)
        change(client, resource_id, news, changed)
        if "ttl" in changed:
            set_ttl(client, resource_id, news)
        if "pointInTimeRecovery" in changed:
            set_recovery(client, resource_id, news)
        before, after = client.tags(olds) | (olds.get("tagsAll") or {}), client.tags(news)
        arn = str(olds["arn"])
        if removed := sorted(set(before) - set(after)):
            client.call("dynamodb", "UntagResource", region, ResourceArn=arn, TagKeys=removed)
        if after and after != before:
            client.call("dynamodb", "TagResource", region, ResourceArn=arn, Tags=api_tags(after))

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        _remove(client, resource_id, known.get("region"))


def _names(attributes: Any) -> set[str] | None:
    """The attributes' names, where all are known."""
    if not isinstance(attributes, list) or not all(isinstance(found, dict) for found in attributes):
        return None
    names = [found.get("name") for found in attributes]
    return {str(name) for name in names} if not any(isinstance(name, Unknown) for name in names) else None


def _told(known: Mapping[str, Any], name: str, now: Any, *, unset: Any) -> Any:
    """What is to be said of a setting that AWS leaves out, or shows as off, where nobody has chosen it."""
    return now or (unset if known.get(name) is not None else None)


def _encryption(found: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"enabled": True, "kmsKeyArn": found.get("KMSMasterKeyArn")} if found.get("Status") == "ENABLED" else None


def _remove(client: Aws, name: str, region: str | None, *, protected: bool = False) -> None:
    """Deletes the table and waits until it is gone. `protected`: even against its own protection."""
    table = settled(client, name, region)
    if table is None:
        return
    if protected and table.get("DeletionProtectionEnabled"):
        client.call("dynamodb", "UpdateTable", region, TableName=name, DeletionProtectionEnabled=False)
        settled(client, name, region)
    client.discard("dynamodb", "DeleteTable", region=region, TableName=name)
    settled(client, name, region)


def _tags(client: Aws, arn: str, region: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    token: str | None = None
    while True:
        answer = client.find("dynamodb", "ListTagsOfResource", region=region, ResourceArn=arn, NextToken=token) or {}
        found |= {tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])}
        token = answer.get("NextToken")
        if not token:
            return found
