"""aws:iam/role:Role."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any, ClassVar, Final
from urllib.parse import unquote

from localcloud.providers.aws.client import MARK, Aws, api_tags
from localcloud.providers.aws.common import FLAG, MAP, REPLACING, STRINGS, TEXT
from localcloud.providers.aws.leftovers import create_over_leftover
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property

_INLINE: Final = {"name": Property(required=True), "policy": Property("json", required=True)}


class Role(Resource[Aws]):
    """An IAM role with its inline and managed policies."""

    pulumi_type = "aws:iam/role:Role"
    inputs: ClassVar = {
        "assumeRolePolicy": Property("json", required=True),
        "description": TEXT,
        "forceDetachPolicies": FLAG,
        "inlinePolicies": Property("set", fields=_INLINE),
        "managedPolicyArns": STRINGS,
        "maxSessionDuration": Property("integer", default=3600),
        "name": REPLACING,
        "namePrefix": REPLACING,
        "path": Property(replaces=True, default="/"),
        "permissionsBoundary": TEXT,
        "tags": MAP,
    }
    outputs = ("arn", "createDate", "tagsAll", "uniqueId")
    stables = ("arn", "createDate", "name", "uniqueId")
    name = AutoName(limit=64, prefix="namePrefix")

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"tagsAll": client.tags(inputs)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        name: str = inputs["name"]

        def make() -> None:
            client.call(
                "iam",
                "CreateRole",
                RoleName=name,
                AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
                Description=inputs.get("description"),
                MaxSessionDuration=inputs["maxSessionDuration"],
                Path=inputs["path"],
                PermissionsBoundary=inputs.get("permissionsBoundary"),
                Tags=api_tags(client.marked_tags(inputs, identity)),
            )

        def is_leftover() -> bool:
            return _tags(client.call("iam", "GetRole", RoleName=name)["Role"]).get(MARK) == identity.mark

        create_over_leftover(make, is_leftover, lambda: self.delete(client, name, {"forceDetachPolicies": True}))
        _set_policies(client, name, {}, inputs)
        return name

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        answer = client.find("iam", "GetRole", RoleName=resource_id)
        if answer is None:
            return None
        role, tags = answer["Role"], _tags(answer["Role"])
        inputs: dict[str, Any] = {
            "assumeRolePolicy": _document(role["AssumeRolePolicyDocument"]),
            "description": role.get("Description"),
            "maxSessionDuration": role.get("MaxSessionDuration", 3600),
            "name": role["RoleName"],
            "path": role["Path"],
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "tags": client.own_tags(tags),
        }
        if known.get("managedPolicyArns") is not None:
            inputs["managedPolicyArns"] = _attached(client, resource_id)
        if known.get("inlinePolicies") is not None:
            inputs["inlinePolicies"] = [
                {"name": name, "policy": _document(_inline(client, resource_id, name))}
                for name in client.call("iam", "ListRolePolicies", RoleName=resource_id)["PolicyNames"]
            ]
        return Actual(
            role["RoleName"],
            inputs,
            {
                "arn": role["Arn"],
                "createDate": role["CreateDate"].isoformat().replace("+00:00", "Z"),
                "uniqueId": role["RoleId"],
                "tagsAll": {key: value for key, value in tags.items() if key != MARK},
            },
        )

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        if "assumeRolePolicy" in changed:
            document = news["assumeRolePolicy"]
            client.call("iam", "UpdateAssumeRolePolicy", RoleName=resource_id, PolicyDocument=document)
        if changed & {"description", "maxSessionDuration"}:
            client.call(
                "iam",
                "UpdateRole",
                RoleName=resource_id,
                Description=news.get("description", ""),
                MaxSessionDuration=news["maxSessionDuration"],
            )
        if "permissionsBoundary" in changed and news.get("permissionsBoundary"):
            boundary = news["permissionsBoundary"]
            client.call("iam", "PutRolePermissionsBoundary", RoleName=resource_id, PermissionsBoundary=boundary)
        elif "permissionsBoundary" in changed:
            client.discard("iam", "DeleteRolePermissionsBoundary", RoleName=resource_id)
        _set_policies(client, resource_id, olds, news)
        before, after = client.tags(olds) | (olds.get("tagsAll") or {}), client.tags(news)
        if removed := sorted(set(before) - set(after)):
            client.call("iam", "UntagRole", RoleName=resource_id, TagKeys=removed)
        if after and after != before:
            client.call("iam", "TagRole", RoleName=resource_id, Tags=api_tags(after))

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        if known.get("forceDetachPolicies"):
            _set_policies(
                client,
                resource_id,
                {
                    "managedPolicyArns": _attached(client, resource_id),
                    "inlinePolicies": [
                        {"name": name}
                        for name in (client.find("iam", "ListRolePolicies", RoleName=resource_id) or {}).get(
                            "PolicyNames", []
                        )
                    ],
                },
                {},
            )
        else:
            _set_policies(client, resource_id, known, {})
        client.discard("iam", "DeleteRole", RoleName=resource_id)


def _set_policies(client: Aws, role: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> None:
    before, after = set(olds.get("managedPolicyArns") or ()), set(news.get("managedPolicyArns") or ())
    for arn in sorted(before - after):
        client.discard("iam", "DetachRolePolicy", RoleName=role, PolicyArn=arn)
    for arn in sorted(after):
        client.call("iam", "AttachRolePolicy", RoleName=role, PolicyArn=arn)
    kept = {policy["name"] for policy in news.get("inlinePolicies") or ()}
    for policy in olds.get("inlinePolicies") or ():
        if policy["name"] not in kept:
            client.discard("iam", "DeleteRolePolicy", RoleName=role, PolicyName=policy["name"])
    for policy in news.get("inlinePolicies") or ():
        document = policy["policy"]
        client.call("iam", "PutRolePolicy", RoleName=role, PolicyName=policy["name"], PolicyDocument=document)


def _attached(client: Aws, role: str) -> list[str]:
    answer = client.find("iam", "ListAttachedRolePolicies", RoleName=role) or {"AttachedPolicies": []}
    return [policy["PolicyArn"] for policy in answer["AttachedPolicies"]]


def _inline(client: Aws, role: str, name: str) -> Any:
    return client.call("iam", "GetRolePolicy", RoleName=role, PolicyName=name)["PolicyDocument"]


def _tags(role: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])}


def _document(document: Any) -> str:
    """IAM answers documents percent-encoded; botocore decodes them to objects."""
    return unquote(document) if isinstance(document, str) else json.dumps(document, separators=(",", ":"))
