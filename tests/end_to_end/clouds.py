"""What stands in the two clouds, as clients see it that we did not write: boto3 and Cloudflare's own package."""

from __future__ import annotations

from typing import Any

import boto3
import cloudflare

from tools.sandbox import Sandbox

ACCOUNT = "00000000000000000000000000000001"


def aws(sandbox: Sandbox, service: str) -> Any:
    """A boto3 client of the sandbox's AWS."""
    return boto3.client(
        service,
        endpoint_url=sandbox.aws_endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def cloudflare_client(sandbox: Sandbox) -> cloudflare.Cloudflare:
    """Cloudflare's client of the sandbox's v4 API."""
    return cloudflare.Cloudflare(api_token="local", base_url=sandbox.cloudflare_endpoint, max_retries=0)


def aws_inventory(sandbox: Sandbox) -> dict[str, list[str]]:
    """Names of everything that the program can have made on AWS, by kind."""
    return {
        "functions": [f["FunctionName"] for f in aws(sandbox, "lambda").list_functions()["Functions"]],
        "apis": [a["ApiId"] for a in aws(sandbox, "apigatewayv2").get_apis()["Items"]],
        "log groups": [g["logGroupName"] for g in aws(sandbox, "logs").describe_log_groups()["logGroups"]],
        "roles": [r["RoleName"] for r in aws(sandbox, "iam").list_roles()["Roles"]],
    }


def cloudflare_inventory(sandbox: Sandbox, account: str) -> dict[str, list[str]]:
    """Names of everything that the program can have made on Cloudflare, by kind."""
    scripts = cloudflare_client(sandbox).workers.scripts.list(account_id=account)
    return {"scripts": [str(script.id) for script in scripts]}


def sizes(inventory: dict[str, list[str]]) -> dict[str, int]:
    """How many of each kind there are."""
    return {kind: len(names) for kind, names in inventory.items()}
