"""The invokes: who and where, and IAM documents."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from localcloud.providers.aws.client import Aws
from localcloud.providers.aws.policy_document import document


def get_region(client: Aws, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """aws:index/getRegion:getRegion."""
    region = arguments.get("region") or arguments.get("name") or client.region
    endpoint = f"ec2.{region}.amazonaws.com"
    return {"id": region, "region": region, "name": region, "description": region, "endpoint": endpoint}


def get_caller_identity(client: Aws, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """aws:index/getCallerIdentity:getCallerIdentity."""
    del arguments
    caller = client.caller
    return {"id": caller["Account"], "accountId": caller["Account"], "arn": caller["Arn"], "userId": caller["UserId"]}


def get_partition(client: Aws, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """aws:index/getPartition:getPartition; the local cloud has the ordinary one only."""
    del client, arguments
    return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}


def get_policy_document(client: Aws, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """aws:iam/getPolicyDocument:getPolicyDocument, computed here as the real provider does."""
    del client
    made = document(arguments)
    shown, short = json.dumps(made, indent=2), json.dumps(made, separators=(",", ":"))
    return {**arguments, "id": str(hash_of(shown)), "json": shown, "minifiedJson": short}


def hash_of(text: str) -> int:
    """A stable number for a text, as ids of computed data sources are."""
    return zlib.crc32(text.encode())


FUNCTIONS: Final[Mapping[str, Callable[[Aws, Mapping[str, Any]], dict[str, Any]]]] = {
    "aws:index/getRegion:getRegion": get_region,
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:index/getPartition:getPartition": get_partition,
    "aws:iam/getPolicyDocument:getPolicyDocument": get_policy_document,
}
