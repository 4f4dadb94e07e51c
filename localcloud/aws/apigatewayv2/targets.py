"""From routes and integrations to what the data plane invokes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from localcloud.aws.apigatewayv2.models import Target

MAX_TIMEOUT_MS = 30_000
FUNCTION_ARN = re.compile(
    r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9-_]+(:(\$LATEST|[A-Za-z0-9-_]+))?"
)
_INVOKE_ARN = re.compile(r"arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path/2015-03-31/functions/(.+)/invocations")
_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")


def function_arn(uri: str) -> str | None:
    """The function (version, alias) of an integration's URI, which may be the function's ARN or its invoke ARN."""
    found = _INVOKE_ARN.fullmatch(uri)
    arn = found[1] if found else uri
    return arn if FUNCTION_ARN.fullmatch(_VARIABLE.sub("v", arn)) else None


def targets(snapshot: dict[str, Any], variables: dict[str, str]) -> Iterator[Target]:
    """The routes of a deployment that lead to a function. Stage variables in the URI are put in."""
    for route in snapshot["routes"].values():
        integration_id = (route.get("Target") or "").removeprefix("integrations/")
        integration = snapshot["integrations"].get(integration_id)
        if integration is None:
            continue
        uri = _VARIABLE.sub(lambda found: variables.get(found[1], ""), integration.get("IntegrationUri", ""))
        arn = function_arn(uri)
        if arn is None:
            continue
        key = route["RouteKey"]
        path = key if key == "$default" else key.partition(" ")[2]
        timeout = integration.get("TimeoutInMillis") or MAX_TIMEOUT_MS
        source = path if key == "$default" else "{method}" + path
        yield Target(key, arn, timeout / 1000, source, integration_id)
