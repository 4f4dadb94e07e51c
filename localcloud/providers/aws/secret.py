"""aws:secretsmanager/secret:Secret."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any, ClassVar, Final

from localcloud.providers.aws.client import MARK, Aws, api_tags
from localcloud.providers.aws.common import MAP, REPLACING, TEXT
from localcloud.providers.aws.half_made import existing
from localcloud.providers.aws.leftovers import create_over_leftover
from localcloud.providers.protocol.errors import ServiceFailureError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property

_SERVICE: Final = "secretsmanager"


class Secret(Resource[Aws]):
    """A secret without its value; its id is its ARN. A recovery window of 0 days deletes it at once."""

    pulumi_type = "aws:secretsmanager/secret:Secret"
    inputs: ClassVar = {
        "description": TEXT,
        "forceOverwriteReplicaSecret": Property("boolean", default=False),
        "kmsKeyId": TEXT,
        "name": REPLACING,
        "namePrefix": REPLACING,
        "policy": Property("json"),
        "recoveryWindowInDays": Property("integer", default=30),
        "region": REPLACING,
        "replicas": Property("list"),
        "tags": MAP,
    }
    outputs = ("arn", "policy", "region", "replicas", "tagsAll")
    stables = ("arn", "name", "region")
    name = AutoName(limit=512, prefix="namePrefix")

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region), "tagsAll": client.tags(inputs)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        name, region = inputs["name"], inputs.get("region")

        def make() -> str:
            made = client.call(
                _SERVICE,
                "CreateSecret",
                region,
                Name=name,
                Description=inputs.get("description"),
                KmsKeyId=inputs.get("kmsKeyId"),
                AddReplicaRegions=[_pascal(replica) for replica in inputs.get("replicas") or ()] or None,
                ForceOverwriteReplicaSecret=inputs["forceOverwriteReplicaSecret"],
                Tags=api_tags(client.marked_tags(inputs, identity)),
            )
            return str(made["ARN"])

        def is_leftover() -> bool:
            return _tags(client.call(_SERVICE, "DescribeSecret", region, SecretId=name)).get(MARK) == identity.mark

        try:
            arn = create_over_leftover(make, is_leftover, lambda: _remove(client, name, region, 0))
        except ServiceFailureError as error:
            # The vendor's automatic names are random; ours come back, and must not meet their own recovery window.
            automatic = name.endswith(identity.digest[:7])
            if "scheduled for deletion" not in error.message or not automatic or not is_leftover():
                raise
            _remove(client, name, region, 0)
            arn = make()
        if inputs.get("policy"):
            with existing(arn, inputs):
                _put_policy(client, arn, region, inputs["policy"])
        return arn

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        region = known.get("region")
        found = client.find(_SERVICE, "DescribeSecret", region=region, SecretId=resource_id)
        if found is None or "DeletedDate" in found:
            return None
        policy = client.call(_SERVICE, "GetResourcePolicy", region, SecretId=resource_id).get("ResourcePolicy", "")
        tags = _tags(found)
        inputs = {
            "description": found.get("Description"),
            "kmsKeyId": found.get("KmsKeyId"),
            "name": found["Name"],
            "policy": policy or None,
            "tags": client.own_tags(tags),
        }
        outputs = {
            "arn": found["ARN"],
            "policy": policy,
            "region": region or client.region,
            "replicas": [],
            "tagsAll": {name: value for name, value in tags.items() if name != MARK},
        }
        return Actual(str(found["ARN"]), inputs, outputs)

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        region = news.get("region")
        members = {"description": "Description", "kmsKeyId": "KmsKeyId"}
        parameters = {member: news.get(name, "") for name, member in members.items() if name in changed}
        if parameters:
            client.call(_SERVICE, "UpdateSecret", region, SecretId=resource_id, **parameters)
        if "policy" in changed and news.get("policy"):
            _put_policy(client, resource_id, region, news["policy"])
        before, after = client.tags(olds) | (olds.get("tagsAll") or {}), client.tags(news)
        if removed := sorted(set(before) - set(after)):
            client.call(_SERVICE, "UntagResource", region, SecretId=resource_id, TagKeys=removed)
        if after and after != before:
            client.call(_SERVICE, "TagResource", region, SecretId=resource_id, Tags=api_tags(after))

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        _remove(client, resource_id, known.get("region"), known.get("recoveryWindowInDays", 30))


def _remove(client: Aws, secret: str, region: str | None, days: int) -> None:
    how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    try:
        client.discard(_SERVICE, "DeleteSecret", region=region, SecretId=secret, **how)
    except ServiceFailureError as error:
        if error.code != "InvalidRequestException" or "marked for deletion" not in error.message:
            raise


def _put_policy(client: Aws, arn: str, region: str | None, policy: str) -> None:
    if json.loads(policy):
        client.call(_SERVICE, "PutResourcePolicy", region, SecretId=arn, ResourcePolicy=policy, BlockPublicPolicy=False)
    else:  # as the vendor's provider has it: `{}` takes the policy away
        client.discard(_SERVICE, "DeleteResourcePolicy", region=region, SecretId=arn)


def _tags(found: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())}


def _pascal(replica: Mapping[str, Any]) -> dict[str, Any]:
    return {name[:1].upper() + name[1:]: value for name, value in replica.items() if name in ("region", "kmsKeyId")}
