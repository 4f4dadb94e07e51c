"""aws:lambda/permission:Permission."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from localcloud.providers.aws.client import Aws
from localcloud.providers.aws.common import IDENTITY, REPLACING
from localcloud.providers.protocol.errors import ProviderError, ServiceFailureError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource

_CONDITIONS: Final = {
    "aws:sourcearn": "sourceArn",
    "aws:sourceaccount": "sourceAccount",
    "aws:principalorgid": "principalOrgId",
    "lambda:functionurlauthtype": "functionUrlAuthType",
}
"""Condition keys of the policy, in lower case as AWS compares them, and the inputs that they come from."""


class Permission(Resource[Aws]):
    """One statement of a function's resource policy; its id is the statement's."""

    pulumi_type = "aws:lambda/permission:Permission"
    inputs: ClassVar = {
        "action": IDENTITY,
        "eventSourceToken": REPLACING,
        "function": IDENTITY,
        "functionUrlAuthType": REPLACING,
        "principal": IDENTITY,
        "principalOrgId": REPLACING,
        "qualifier": REPLACING,
        "region": REPLACING,
        "sourceAccount": REPLACING,
        "sourceArn": REPLACING,
        "statementId": REPLACING,
        "statementIdPrefix": REPLACING,
    }
    outputs = ("region",)
    stables = ("region", "statementId")
    name = AutoName("statementId", limit=100, prefix="statementIdPrefix")

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        statement_id = str(inputs["statementId"])
        try:
            client.call(
                "lambda",
                "AddPermission",
                inputs.get("region"),
                FunctionName=inputs["function"],
                StatementId=statement_id,
                Action=inputs["action"],
                Principal=inputs["principal"],
                SourceArn=inputs.get("sourceArn"),
                SourceAccount=inputs.get("sourceAccount"),
                PrincipalOrgID=inputs.get("principalOrgId"),
                FunctionUrlAuthType=inputs.get("functionUrlAuthType"),
                EventSourceToken=inputs.get("eventSourceToken"),
                Qualifier=inputs.get("qualifier"),
            )
        except ServiceFailureError as error:
            # A statement carries no mark, but one that says just the same is what this create was to make.
            if error.code != "ResourceConflictException" or not self._stands(client, statement_id, inputs):
                raise
        return statement_id

    def _stands(self, client: Aws, statement_id: str, inputs: Mapping[str, Any]) -> bool:
        found = self.read(client, statement_id, inputs)
        compared = ("action", "principal", *_CONDITIONS.values())
        return found is not None and all(found.inputs.get(name) == inputs.get(name) for name in compared)

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        function, qualifier, statement_id = _place(resource_id, known)
        region = known.get("region")
        answer = client.find("lambda", "GetPolicy", region=region, FunctionName=function, Qualifier=qualifier)
        statements = json.loads(answer["Policy"])["Statement"] if answer else []
        statement = next((item for item in statements if item.get("Sid") == statement_id), None)
        if statement is None:
            return None
        inputs = {
            "action": statement["Action"],
            "function": known.get("function", function),
            "principal": _principal(statement["Principal"], known.get("principal")),
            "qualifier": qualifier,
            "statementId": statement_id,
            **_conditions(statement.get("Condition", {})),
        }
        return Actual(statement_id, inputs, {"region": region or client.region})

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        function, qualifier, statement_id = _place(resource_id, known)
        client.discard(
            "lambda",
            "RemovePermission",
            region=known.get("region"),
            FunctionName=function,
            StatementId=statement_id,
            Qualifier=qualifier,
        )


def _place(resource_id: str, known: Mapping[str, Any]) -> tuple[str, str | None, str]:
    """Function, qualifier and statement; on import from `FUNCTION[:QUALIFIER]/STATEMENT`."""
    if known.get("function"):
        return str(known["function"]), known.get("qualifier"), resource_id
    place, found, statement_id = resource_id.rpartition("/")
    if not found:
        raise ProviderError(f"{Permission.pulumi_type}: the id {resource_id!r} must be FUNCTION[:QUALIFIER]/STATEMENT")
    if place.startswith("arn:"):
        return place, None, statement_id
    function, _, qualifier = place.partition(":")
    return function, qualifier or None, statement_id


def _principal(principal: Any, known: Any) -> str:
    if isinstance(principal, str):
        return principal
    value = str(next(iter(principal.values())))
    # Lambda answers an account as the ARN of its root.
    account = value.removeprefix("arn:aws:iam::").removesuffix(":root")
    return account if known == account else value


def _conditions(condition: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    found = {key.lower(): value for operator in condition.values() for key, value in operator.items()}
    return {name: found[key] for key, name in _CONDITIONS.items() if key in found}
