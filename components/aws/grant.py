"""What a capability brings a function: variables, and the rights to use it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pulumi

Statement = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack's things are, as their ARNs say it."""

    partition: str
    region: str
    account: str

    @classmethod
    def of(cls, arn: str) -> Place:
        """`arn:PARTITION:SERVICE:REGION:ACCOUNT:…`"""
        _, partition, _, region, account, _ = arn.split(":", 5)
        return cls(partition, region, account)

    def arn(self, service: str, resource: str) -> str:
        """Of something that belongs to the account, in the same region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`statements` makes the policy's from the place and from `arns`, once both are known."""

    environment: Mapping[str, pulumi.Input[str]]
    statements: Callable[[Place, Mapping[str, str]], Sequence[Statement]]
    arns: Mapping[str, pulumi.Input[str]] = field(default_factory=lambda: MappingProxyType({}))


def allowed(sid: str, actions: Sequence[str], resources: str | Sequence[str], **condition: Any) -> Statement:
    """One statement; `condition` is IAM's, by operator."""
    resource = resources if isinstance(resources, str) else list(resources)
    statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def policy(own: Callable[[str], Sequence[Statement]], own_arn: pulumi.Output[str], grants: Sequence[Grant]) -> Any:
    """The policy document as text: `own` statements, from `own_arn`, which also tells the place, and the grants'."""

    def document(resolved: Sequence[Any]) -> str:
        arn, *arns = resolved
        statements = list(own(arn))
        for grant, known in zip(grants, arns, strict=True):
            statements += grant.statements(Place.of(arn), known)
        return json.dumps({"Version": "2012-10-17", "Statement": statements})

    return pulumi.Output.all(own_arn, *(dict(grant.arns) for grant in grants)).apply(document)
