"""aws:cloudwatch/logGroup:LogGroup."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar

from localcloud.providers.aws.client import MARK, Aws
from localcloud.providers.aws.common import FLAG, MAP, REPLACING, TEXT
from localcloud.providers.aws.leftovers import create_over_leftover
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property


class LogGroup(Resource[Aws]):
    """A log group; 0 days of retention keep for ever."""

    pulumi_type = "aws:cloudwatch/logGroup:LogGroup"
    inputs: ClassVar = {
        "deletionProtectionEnabled": FLAG,
        "kmsKeyId": TEXT,
        "logGroupClass": Property(replaces=True, choices=("STANDARD", "INFREQUENT_ACCESS", "DELIVERY")),
        "name": REPLACING,
        "namePrefix": REPLACING,
        "region": REPLACING,
        "retentionInDays": Property("integer", default=0),
        "skipDestroy": FLAG,
        "tags": MAP,
    }
    outputs = ("arn", "region", "tagsAll")
    stables = ("arn", "name", "region")
    name = AutoName(limit=512, prefix="namePrefix")

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region), "tagsAll": client.tags(inputs)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        name, region = inputs["name"], inputs.get("region")

        def make() -> None:
            client.call(
                "logs",
                "CreateLogGroup",
                region,
                logGroupName=name,
                kmsKeyId=inputs.get("kmsKeyId"),
                logGroupClass=inputs.get("logGroupClass"),
                deletionProtectionEnabled=inputs.get("deletionProtectionEnabled"),
                tags=client.marked_tags(inputs, identity),
            )

        def is_leftover() -> bool:
            return _tags(client, name, region).get(MARK) == identity.mark

        create_over_leftover(
            make, is_leftover, lambda: client.discard("logs", "DeleteLogGroup", region=region, logGroupName=name)
        )
        _retain(client, name, inputs)
        return str(name)

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        region = known.get("region")
        group = _find(client, resource_id, region)
        if group is None:
            return None
        tags = _tags(client, resource_id, region)
        inputs = {
            "name": resource_id,
            "retentionInDays": group.get("retentionInDays", 0),
            "kmsKeyId": group.get("kmsKeyId"),
            "logGroupClass": group.get("logGroupClass"),
            "tags": client.own_tags(tags),
        }
        outputs = {
            "arn": str(group["arn"]).removesuffix(":*"),
            "region": region or client.region,
            "tagsAll": {key: value for key, value in tags.items() if key != MARK},
        }
        return Actual(resource_id, inputs, outputs)

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        region = news.get("region")
        if "retentionInDays" in changed:
            _retain(client, resource_id, news)
        if "kmsKeyId" in changed and news.get("kmsKeyId"):
            client.call("logs", "AssociateKmsKey", region, logGroupName=resource_id, kmsKeyId=news["kmsKeyId"])
        elif "kmsKeyId" in changed:
            client.call("logs", "DisassociateKmsKey", region, logGroupName=resource_id)
        if "deletionProtectionEnabled" in changed:
            client.call(
                "logs",
                "PutLogGroupDeletionProtection",
                region,
                logGroupIdentifier=resource_id,
                deletionProtectionEnabled=bool(news.get("deletionProtectionEnabled")),
            )
        before, after = client.tags(olds) | (olds.get("tagsAll") or {}), client.tags(news)
        arn = str(olds["arn"])
        if removed := sorted(set(before) - set(after)):
            client.call("logs", "UntagResource", region, resourceArn=arn, tagKeys=removed)
        if after and after != before:
            client.call("logs", "TagResource", region, resourceArn=arn, tags=after)

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        if not known.get("skipDestroy"):
            client.discard("logs", "DeleteLogGroup", region=known.get("region"), logGroupName=resource_id)


def _retain(client: Aws, name: str, inputs: Mapping[str, Any]) -> None:
    days, region = inputs["retentionInDays"], inputs.get("region")
    if days:
        client.call("logs", "PutRetentionPolicy", region, logGroupName=name, retentionInDays=days)
    else:
        client.discard("logs", "DeleteRetentionPolicy", region=region, logGroupName=name)


def _find(client: Aws, name: str, region: str | None) -> dict[str, Any] | None:
    token: str | None = None
    while True:
        answer = client.call("logs", "DescribeLogGroups", region, logGroupNamePrefix=name, nextToken=token)
        for group in answer["logGroups"]:
            if group["logGroupName"] == name:
                return dict(group)
        token = answer.get("nextToken")
        if token is None:
            return None


def _tags(client: Aws, name: str, region: str | None) -> dict[str, str]:
    group = _find(client, name, region)
    if group is None:
        return {}
    arn = str(group["arn"]).removesuffix(":*")
    return dict((client.find("logs", "ListTagsForResource", region=region, resourceArn=arn) or {}).get("tags", {}))
