"""aws:kms/key:Key and aws:kms/alias:Alias."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any, ClassVar, Final

from localcloud.providers.aws.client import MARK, Aws
from localcloud.providers.aws.common import MAP, REPLACING, REQUIRED, TEXT
from localcloud.providers.aws.half_made import existing
from localcloud.providers.aws.leftovers import create_over_leftover
from localcloud.providers.protocol.errors import ServiceFailureError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property

_WINDOW: Final = 30  # days


class Key(Resource[Aws]):
    """A KMS key; its id is the key's. Deleted, it waits for `deletionWindowInDays`, and is gone for Pulumi at once."""

    pulumi_type = "aws:kms/key:Key"
    inputs: ClassVar = {
        "bypassPolicyLockoutSafetyCheck": Property("boolean", default=False),
        "customKeyStoreId": REPLACING,
        "customerMasterKeySpec": Property(replaces=True, default="SYMMETRIC_DEFAULT"),
        "deletionWindowInDays": Property("integer"),
        "description": TEXT,
        "enableKeyRotation": Property("boolean", default=False),
        "isEnabled": Property("boolean", default=True),
        "keyUsage": Property(replaces=True, default="ENCRYPT_DECRYPT"),
        "multiRegion": Property("boolean", replaces=True),
        "policy": Property("json"),
        "region": REPLACING,
        "rotationPeriodInDays": Property("integer"),
        "tags": MAP,
        "xksKeyId": REPLACING,
    }
    outputs = ("arn", "description", "keyId", "multiRegion", "policy", "region", "rotationPeriodInDays", "tagsAll")
    stables = ("arn", "keyId", "region")

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region), "tagsAll": client.tags(inputs)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        region = inputs.get("region")
        for leftover in _marked(client, region, identity.mark):
            _schedule_deletion(client, leftover, region, 7)
        made = client.call(
            "kms",
            "CreateKey",
            region,
            BypassPolicyLockoutSafetyCheck=inputs["bypassPolicyLockoutSafetyCheck"],
            CustomKeyStoreId=inputs.get("customKeyStoreId"),
            Description=inputs.get("description"),
            KeySpec=inputs["customerMasterKeySpec"],
            KeyUsage=inputs["keyUsage"],
            MultiRegion=inputs.get("multiRegion"),
            Policy=inputs.get("policy"),
            Tags=_listed(client.marked_tags(inputs, identity)),
            XksKeyId=inputs.get("xksKeyId"),
        )
        key = str(made["KeyMetadata"]["KeyId"])
        with existing(key, inputs):
            if inputs["enableKeyRotation"]:
                _rotate(client, key, inputs)
            if not inputs["isEnabled"]:
                client.call("kms", "DisableKey", region, KeyId=key)
        return key

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        region = known.get("region")
        answer = client.find("kms", "DescribeKey", region=region, KeyId=resource_id)
        # As the vendor's provider does: a key that waits for its deletion is no key any more.
        if answer is None or answer["KeyMetadata"]["KeyState"] == "PendingDeletion":
            return None
        key, tags = answer["KeyMetadata"], _tags(client, resource_id, region)
        rotation = client.call("kms", "GetKeyRotationStatus", region, KeyId=resource_id)
        policy = client.call("kms", "GetKeyPolicy", region, KeyId=resource_id, PolicyName="default")["Policy"]
        facts = {
            "description": key.get("Description", ""),
            "multiRegion": key["MultiRegion"],
            "policy": policy,
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays"),
        }
        inputs = {
            **facts,
            "customerMasterKeySpec": key["KeySpec"],
            "enableKeyRotation": rotation["KeyRotationEnabled"],
            "isEnabled": key["Enabled"],
            "keyUsage": key["KeyUsage"],
            "tags": client.own_tags(tags),
        }
        outputs = {
            **facts,
            "arn": key["Arn"],
            "keyId": key["KeyId"],
            "region": region or client.region,
            "tagsAll": {name: value for name, value in tags.items() if name != MARK},
        }
        return Actual(str(key["KeyId"]), inputs, outputs)

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        region = news.get("region")
        # Rotation and tags want an enabled key, so enabling comes first and disabling last.
        if "isEnabled" in changed and news["isEnabled"]:
            client.call("kms", "EnableKey", region, KeyId=resource_id)
        if changed & {"enableKeyRotation", "rotationPeriodInDays"}:
            if news["enableKeyRotation"]:
                _rotate(client, resource_id, news)
            else:
                client.call("kms", "DisableKeyRotation", region, KeyId=resource_id)
        if "description" in changed:
            text = news.get("description", "")
            client.call("kms", "UpdateKeyDescription", region, KeyId=resource_id, Description=text)
        if "policy" in changed and news.get("policy"):
            client.call(
                "kms",
                "PutKeyPolicy",
                region,
                KeyId=resource_id,
                PolicyName="default",
                Policy=news["policy"],
                BypassPolicyLockoutSafetyCheck=news["bypassPolicyLockoutSafetyCheck"],
            )
        before, after = client.tags(olds) | (olds.get("tagsAll") or {}), client.tags(news)
        if removed := sorted(set(before) - set(after)):
            client.call("kms", "UntagResource", region, KeyId=resource_id, TagKeys=removed)
        if after and after != before:
            client.call("kms", "TagResource", region, KeyId=resource_id, Tags=_listed(after))
        if "isEnabled" in changed and not news["isEnabled"]:
            client.call("kms", "DisableKey", region, KeyId=resource_id)

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        _schedule_deletion(client, resource_id, known.get("region"), known.get("deletionWindowInDays") or _WINDOW)


class Alias(Resource[Aws]):
    """A second name of a key; its id is the whole name, `alias/NAME`."""

    pulumi_type = "aws:kms/alias:Alias"
    inputs: ClassVar = {"name": REPLACING, "namePrefix": REPLACING, "region": REPLACING, "targetKeyId": REQUIRED}
    outputs = ("arn", "region", "targetKeyArn")
    stables = ("arn", "name", "region")
    name = AutoName(limit=256, prefix="namePrefix", head="alias/")

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region)}

    def volatile(self, changed: Set[str], inputs: Mapping[str, Any]) -> Set[str]:
        del inputs
        return {"targetKeyArn"} if "targetKeyId" in changed else frozenset()

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        del identity  # an alias carries no mark, but one that leads to this very key can only be this one
        name, region = inputs["name"], inputs.get("region")

        def make() -> None:
            client.call("kms", "CreateAlias", region, AliasName=name, TargetKeyId=inputs["targetKeyId"])

        def is_leftover() -> bool:
            found = _alias(client, name, region)
            return found is not None and found.get("TargetKeyId") == inputs["targetKeyId"].rpartition("/")[2]

        create_over_leftover(
            make, is_leftover, lambda: client.discard("kms", "DeleteAlias", region=region, AliasName=name)
        )
        return str(name)

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        region = known.get("region")
        found = _alias(client, resource_id, region)
        if found is None or "TargetKeyId" not in found:
            return None
        key = client.call("kms", "DescribeKey", region, KeyId=found["TargetKeyId"])["KeyMetadata"]
        # A program may name the key by its ARN, which is the same key.
        target = key["Arn"] if str(known.get("targetKeyId", "")).startswith("arn:") else key["KeyId"]
        outputs = {"arn": found["AliasArn"], "region": region or client.region, "targetKeyArn": key["Arn"]}
        return Actual(resource_id, {"name": resource_id, "targetKeyId": target}, outputs)

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        if "targetKeyId" in changed:
            target = news["targetKeyId"]
            client.call("kms", "UpdateAlias", news.get("region"), AliasName=resource_id, TargetKeyId=target)

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        client.discard("kms", "DeleteAlias", region=known.get("region"), AliasName=resource_id)


def _rotate(client: Aws, key: str, inputs: Mapping[str, Any]) -> None:
    period = inputs.get("rotationPeriodInDays")
    client.call("kms", "EnableKeyRotation", inputs.get("region"), KeyId=key, RotationPeriodInDays=period)


def _schedule_deletion(client: Aws, key: str, region: str | None, days: int) -> None:
    try:
        client.discard("kms", "ScheduleKeyDeletion", region=region, KeyId=key, PendingWindowInDays=days)
    except ServiceFailureError as error:
        if error.code != "KMSInvalidStateException":  # it waits already
            raise


def _marked(client: Aws, region: str | None, mark: str) -> Iterator[str]:
    """The keys that a killed run of this very step has made."""
    for key in _pages(client, "ListKeys", "Keys", region):
        if _tags(client, key["KeyId"], region).get(MARK) == mark:
            yield str(key["KeyId"])


def _alias(client: Aws, name: str, region: str | None) -> dict[str, Any] | None:
    found = (alias for alias in _pages(client, "ListAliases", "Aliases", region) if alias["AliasName"] == name)
    return next(found, None)


def _pages(client: Aws, operation: str, member: str, region: str | None, **parameters: Any) -> Iterator[dict[str, Any]]:
    marker: str | None = None
    while True:
        answer = client.call("kms", operation, region, Marker=marker, **parameters)
        yield from answer[member]
        marker = answer.get("NextMarker")
        if not answer.get("Truncated"):
            return


def _tags(client: Aws, key: str, region: str | None) -> dict[str, str]:
    found = _pages(client, "ListResourceTags", "Tags", region, KeyId=key)
    return {tag["TagKey"]: tag["TagValue"] for tag in found}


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": name, "TagValue": value} for name, value in sorted(tags.items())]
