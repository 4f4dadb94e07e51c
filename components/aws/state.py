"""The capability "state" on AWS: a DynamoDB table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pulumi
import pulumi_aws as aws

from components.aws.grant import Grant, Place, Statement, allowed
from components.naming import DYNAMODB_TABLE, physical_name


@dataclass(frozen=True, slots=True, kw_only=True)
class StateArgs:
    """`tags` of the table."""

    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class State(pulumi.ComponentResource):
    """A table for items by collection and key.

    It goes with its stack, as the database on Cloudflare does. AWS then keeps a backup of it for 35 days, because
    point-in-time recovery is on; protection against deletion would only make `pulumi destroy` stop half-way.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
    """

    database_name: pulumi.Output[str]
    database_id: pulumi.Output[str]

    def __init__(self, name: str, args: StateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parallax:aws:State", name, None, opts)
        table = aws.dynamodb.Table(
            f"{name}-table",
            name=physical_name(DYNAMODB_TABLE, name),
            billing_mode="PAY_PER_REQUEST",
            hash_key="collection",
            range_key="key",
            attributes=[{"name": "collection", "type": "S"}, {"name": "key", "type": "S"}],
            ttl={"attribute_name": "expires_at", "enabled": True},
            point_in_time_recovery={"enabled": True},
            # By AWS's own key in this account, whose use is logged; without it, by one that the account never sees.
            server_side_encryption={"enabled": True},
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.database_name = table.name
        self.database_id = table.arn
        self.register_outputs({"database_name": self.database_name, "database_id": self.database_id})

    @property
    def grant(self) -> Grant:
        """Reads and writes of this table's items, and nothing of the table itself."""
        return Grant(
            environment={"PARALLAX_STATE_TABLE": self.database_name},
            statements=_may_use,
            arns={"table": self.database_id},
        )


def _may_use(_place: Place, arns: Mapping[str, str]) -> Sequence[Statement]:
    actions = ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query")
    return [allowed("UseItems", actions, arns["table"])]
