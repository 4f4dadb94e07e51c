"""aws:iam/rolePolicy:RolePolicy and aws:iam/rolePolicyAttachment:RolePolicyAttachment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any, ClassVar
from urllib.parse import unquote

from localcloud.providers.aws.client import Aws
from localcloud.providers.aws.common import IDENTITY, REPLACING
from localcloud.providers.protocol.errors import ProviderError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property


class RolePolicy(Resource[Aws]):
    """An inline policy; its id is `ROLE:NAME`. Putting it twice is the same as once, so a leftover is written over."""

    pulumi_type = "aws:iam/rolePolicy:RolePolicy"
    inputs: ClassVar = {
        "name": REPLACING,
        "namePrefix": REPLACING,
        "policy": Property("json", required=True),
        "role": IDENTITY,
    }
    stables = ("name", "role")
    name = AutoName(limit=128, prefix="namePrefix")

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        _put(client, inputs["role"], inputs["name"], inputs["policy"])
        return f"{inputs['role']}:{inputs['name']}"

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        role, name = _pair(resource_id, ":", self.pulumi_type, "ROLE:NAME")
        answer = client.find("iam", "GetRolePolicy", RoleName=role, PolicyName=name)
        if answer is None:
            return None
        document = answer["PolicyDocument"]
        policy = unquote(document) if isinstance(document, str) else json.dumps(document, separators=(",", ":"))
        return Actual(resource_id, {"name": name, "role": role, "policy": policy})

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        _put(client, news["role"], news["name"], news["policy"])

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        role, name = _pair(resource_id, ":", self.pulumi_type, "ROLE:NAME")
        client.discard("iam", "DeleteRolePolicy", RoleName=role, PolicyName=name)


class RolePolicyAttachment(Resource[Aws]):
    """A managed policy on a role; its id is `ROLE/ARN`. Attaching is idempotent."""

    pulumi_type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    inputs: ClassVar = {"policyArn": IDENTITY, "role": IDENTITY}
    exclusive = True

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        client.call("iam", "AttachRolePolicy", RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
        return f"{inputs['role']}/{inputs['policyArn']}"

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        role, arn = _pair(resource_id, "/", self.pulumi_type, "ROLE/ARN")
        answer = client.find("iam", "ListAttachedRolePolicies", RoleName=role)
        if answer is None or all(policy["PolicyArn"] != arn for policy in answer["AttachedPolicies"]):
            return None
        return Actual(resource_id, {"role": role, "policyArn": arn})

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        role, arn = _pair(resource_id, "/", self.pulumi_type, "ROLE/ARN")
        client.discard("iam", "DetachRolePolicy", RoleName=role, PolicyArn=arn)


def _put(client: Aws, role: str, name: str, policy: str) -> None:
    client.call("iam", "PutRolePolicy", RoleName=role, PolicyName=name, PolicyDocument=policy)


def _pair(resource_id: str, separator: str, token: str, form: str) -> tuple[str, str]:
    first, found, second = resource_id.partition(separator)
    if not found:
        raise ProviderError(f"{token}: the id {resource_id!r} must have the form {form}")
    return first, second
