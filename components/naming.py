"""Physical names: project, stack and component, within each cloud's limits.

They are the same at every try, so that what an interrupted run left behind is met again by the next, not made twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.errors import ArgumentError

_HASH = 8


@dataclass(frozen=True, slots=True)
class NameRule:
    """What a cloud takes as a name: at most `length` characters; `refused` matches one that it does not take."""

    kind: str
    length: int
    refused: str
    lower: bool = False


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
IAM_ROLE: Final = NameRule("IAM role", 64, r"[^\w+=,.@-]")
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
LAMBDA_FUNCTION: Final = NameRule("Lambda function", 64, r"[^a-zA-Z0-9_-]")
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
LOG_GROUP: Final = NameRule("log group", 512, r"[^a-zA-Z0-9_./#-]")
# https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
HTTP_API: Final = NameRule("HTTP API", 128, r"[^\w .-]")
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
DYNAMODB_TABLE: Final = NameRule("DynamoDB table", 255, r"[^a-zA-Z0-9_.-]")
# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html; / would make folders
KMS_ALIAS: Final = NameRule("KMS alias", 256, r"[^a-zA-Z0-9_-]")
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html: 512 with the name that follows
SECRET: Final = NameRule("secret", 256, r"[^a-zA-Z0-9_+=.@-]")
# No limit is documented; what a DNS label takes is safe.
D1_DATABASE: Final = NameRule("D1 database", 63, r"[^a-z0-9-]", lower=True)
# A script's name is a DNS label on workers.dev:
# https://developers.cloudflare.com/workers/configuration/routing/workers-dev/
WORKER_SCRIPT: Final = NameRule("Worker script", 63, r"[^a-z0-9-]", lower=True)


def physical_name(rule: NameRule, name: str, prefix: str = "") -> str:
    """`prefix` and then `PROJECT-STACK-name`; where that breaks the rule it is changed or cut, and ends in a hash of
    what it was. Raises ArgumentError where the prefix leaves no room.
    """
    return prefix + _fitted(rule, (pulumi.get_project(), pulumi.get_stack(), name), rule.length - len(prefix))


def _fitted(rule: NameRule, parts: Sequence[str], room: int) -> str:
    wanted = "-".join(parts)
    fitting = re.sub(rule.refused, "-", wanted.lower() if rule.lower else wanted, flags=re.ASCII)
    if fitting == wanted and len(fitting) <= room:
        return fitting
    if room <= _HASH + 1:
        raise ArgumentError(
            wanted,
            "name",
            f"leaves no room: a {rule.kind} takes {rule.length} characters, {room} are left, {_HASH + 2} needed",
        )
    digest = hashlib.sha256(wanted.encode()).hexdigest()[:_HASH]
    return f"{fitting[: room - _HASH - 1].rstrip('-')}-{digest}"
