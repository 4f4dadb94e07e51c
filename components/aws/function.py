"""A Lambda function that writes its logs and may do what it was granted: role, policy, log group, version, alias."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pulumi
import pulumi_aws as aws

from components.aws.grant import Grant, Statement, allowed, policy
from components.aws.package import Package
from components.errors import ArgumentError
from components.limits import LAMBDA_ENVIRONMENT
from components.naming import IAM_ROLE, LAMBDA_FUNCTION, LOG_GROUP, physical_name

ALIAS = "live"

_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionArgs:
    """`handler` is `module.attribute` in `package`; `memory` is MB, `timeout` seconds, `log_retention` days.

    `grants` bring further variables, and the rights to what these name.
    """

    package: Package
    handler: str
    runtime: str
    architecture: str
    memory: int
    timeout: int
    snap_start: bool
    log_retention: int
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    grants: tuple[Grant, ...] = ()
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        size = sum(len(name.encode()) + len(value.encode()) for name, value in self.environment.items())
        if size > LAMBDA_ENVIRONMENT:
            raise ArgumentError("Function", "environment", f"takes {size} bytes; Lambda allows {LAMBDA_ENVIRONMENT}")


class Function(pulumi.ComponentResource):
    """A function, each deployment of which is a published version; callers use the alias `live`, which follows it."""

    function_name: pulumi.Output[str]
    alias_name: pulumi.Output[str]
    invoke_arn: pulumi.Output[str]
    log_group: pulumi.Output[str]

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parallax:aws:Function", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        function_name = physical_name(LAMBDA_FUNCTION, name)
        variables: dict[str, pulumi.Input[str]] = dict(args.environment)
        for grant in args.grants:
            variables |= grant.environment

        role = aws.iam.Role(
            f"{name}-role",
            name=physical_name(IAM_ROLE, name),
            assume_role_policy=_TRUST,
            tags=args.tags,
            opts=child,
        )
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=physical_name(LOG_GROUP, name, prefix="/aws/lambda/"),
            retention_in_days=args.log_retention,
            tags=args.tags,
            opts=child,
        )
        rights = aws.iam.RolePolicy(
            f"{name}-policy",
            name="rights",
            role=role.name,
            policy=policy(_may_write_logs, logs.arn, args.grants),
            opts=child,
        )
        function = aws.lambda_.Function(
            f"{name}-function",
            name=function_name,
            role=role.arn,
            runtime=args.runtime,
            handler=args.handler,
            architectures=[args.architecture],
            code=pulumi.FileArchive(args.package.path),
            source_code_hash=args.package.sha256,
            memory_size=args.memory,
            timeout=args.timeout,
            publish=True,
            snap_start={"apply_on": "PublishedVersions"} if args.snap_start else None,
            environment={"variables": variables},
            # Text, because START, END and REPORT are what people and tools look for.
            logging_config={"log_format": "Text", "log_group": logs.name},
            tags=args.tags,
            # Its first environment is started while it is published, and writes its log.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[rights]),
        )
        alias = aws.lambda_.Alias(
            f"{name}-alias",
            name=ALIAS,
            function_name=function.name,
            function_version=function.version,
            opts=child,
        )

        self.function_name = function.name
        self.alias_name = alias.name
        self.invoke_arn = alias.invoke_arn
        self.log_group = logs.name
        self.register_outputs(
            {
                "function_name": self.function_name,
                "alias_name": self.alias_name,
                "invoke_arn": self.invoke_arn,
                "log_group": self.log_group,
            }
        )


def _may_write_logs(log_group_arn: str) -> Sequence[Statement]:
    """The streams of one log group, and nothing else; `:*` is how IAM names them:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
    """
    return [allowed("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{log_group_arn}:*")]
