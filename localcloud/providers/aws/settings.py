"""The provider's configuration, read as pulumi_aws reads it: inputs first, then the AWS environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from localcloud.providers.aws.client import VENDOR, Aws, Settings
from localcloud.providers.protocol.endpoint import missing_endpoint, require_loopback
from localcloud.providers.protocol.schema import Property

_TEXT: Final = (
    "accessKey", "secretKey", "token", "region", "profile", "customCaBundle", "ec2MetadataServiceEndpoint",
    "ec2MetadataServiceEndpointMode", "httpProxy", "httpsProxy", "noProxy", "retryMode", "s3UsEast1RegionalEndpoint",
    "stsRegion", "tagPolicyCompliance", "userAgent",
)  # fmt: skip
_FLAGS: Final = (
    "insecure", "s3UsePathStyle", "skipCredentialsValidation", "skipMetadataApiCheck", "skipRegionValidation",
    "skipRequestingAccountId", "useDualstackEndpoint", "useFipsEndpoint",
)  # fmt: skip
_LISTS: Final = (
    "allowedAccountIds", "assumeRoles", "forbiddenAccountIds", "sharedConfigFiles", "sharedCredentialsFiles",
    "userAgents",
)  # fmt: skip

CONFIG: Final[Mapping[str, Property]] = {
    **{name: Property(secret=name in {"secretKey", "token"}) for name in _TEXT},
    **{name: Property("boolean") for name in _FLAGS},
    **{name: Property("list") for name in _LISTS},
    "maxRetries": Property("integer"),
    "tokenBucketRateLimiterCapacity": Property("integer"),
    "assumeRoleWithWebIdentity": Property("object"),
    "defaultTags": Property("object"),
    "endpoints": Property("list"),
    "ignoreTags": Property("object"),
}

_ALIASES: Final = {
    "apigatewayv2": ("apigatewayv2", "apigateway"),
    "dynamodb": ("dynamodb",),
    "logs": ("logs", "cloudwatchlogs", "cloudwatchlog"),
    "lambda": ("lambda", "awslambda"),
    "iam": ("iam",),
    "kms": ("kms",),
    "secretsmanager": ("secretsmanager",),
    "sts": ("sts",),
}
"""botocore's service names, and the keys of `aws:endpoints` that mean them."""


def connect(config: Mapping[str, Any]) -> Aws:
    """A client for this configuration; nothing is sent yet.

    Raises EndpointRefusedError when no endpoint is given, or one that is not on this machine.
    """
    given = {name: str(url) for entry in config.get("endpoints") or () for name, url in entry.items() if url}
    for name, url in given.items():
        require_loopback(url, f"aws:endpoints[{name}]", VENDOR)
    endpoints: dict[str, str] = {}
    for service, names in _ALIASES.items():
        variable = f"AWS_ENDPOINT_URL_{service.upper()}"
        url = next((given[name] for name in names if name in given), os.environ.get(variable, ""))
        if url:
            endpoints[service] = require_loopback(url, variable, VENDOR)
    if general := os.environ.get("AWS_ENDPOINT_URL", ""):
        endpoints["*"] = require_loopback(general, "AWS_ENDPOINT_URL", VENDOR)
    if not endpoints:
        raise missing_endpoint("aws:endpoints", VENDOR)
    region = config.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    return Aws(
        Settings(
            region=region,
            endpoints=endpoints,
            access_key=config.get("accessKey") or os.environ.get("AWS_ACCESS_KEY_ID") or "test",
            secret_key=config.get("secretKey") or os.environ.get("AWS_SECRET_ACCESS_KEY") or "test",
            token=config.get("token") or os.environ.get("AWS_SESSION_TOKEN"),
            default_tags=(config.get("defaultTags") or {}).get("tags") or {},
        )
    )
