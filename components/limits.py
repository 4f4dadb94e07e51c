"""What the clouds allow, each with its source. Sizes are bytes, times seconds, unless a name says otherwise."""

from __future__ import annotations

from typing import Final

LAMBDA_LIMITS_SOURCE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
LAMBDA_ZIPPED: Final = 50 * 1024 * 1024
"""A package uploaded directly."""
LAMBDA_UNZIPPED: Final = 250 * 1024 * 1024
"""A package with its layers."""
LAMBDA_ENVIRONMENT: Final = 4096
"""All names and values of the environment together."""
LAMBDA_MEMORY_MB: Final = (128, 10_240)

SECRET_WINDOW: Final = (7, 30)
"""Days for which a deleted secret can be brought back, if it can.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html"""
KMS_SHORTEST_WINDOW: Final = 7
"""Days. https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html"""

HTTP_API_LIMITS_SOURCE: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"
HTTP_API_TIMEOUT: Final = 30
"""An integration is cut off then, and it cannot be raised; a function that runs longer answers nobody."""
HTTP_API_RATE: Final = 10_000
"""Requests a second of an account in a region, by default."""
HTTP_API_BURST: Final = 5_000

LOG_RETENTION_DAYS: Final = (
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
"""0 keeps for ever. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""

WORKER_LIMITS_SOURCE: Final = "https://developers.cloudflare.com/workers/platform/limits/"
WORKER_SIZE: Final = 64 * 1024 * 1024
"""All modules, uncompressed, on every plan since 2026-09-04."""
WORKER_VARIABLE: Final = 5 * 1024
"""One variable's value."""
WORKER_CPU_MS: Final = 300_000

WORKER_EARLIEST_DATE: Final = "2026-04-21"
"""From this compatibility date on a Python Worker brings its own SDK, as ours does (`enable_python_external_sdk` in
https://github.com/cloudflare/workerd/blob/main/src/workerd/io/compatibility-date.capnp)."""
