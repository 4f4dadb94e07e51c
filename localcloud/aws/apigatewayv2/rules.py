"""What the control plane takes and refuses."""

from __future__ import annotations

import re
from typing import Any

from localcloud.aws.apigatewayv2.exceptions import BadRequestError, ConflictError
from localcloud.aws.apigatewayv2.models import ApiRecord
from localcloud.aws.apigatewayv2.targets import function_arn
from localcloud.aws.ports import LogSink

MAX_ROUTES = 300
MAX_INTEGRATIONS = 300
MAX_STAGES = 10
_METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_SEGMENT = re.compile(r"[^{}/\s]*|\{[A-Za-z0-9._:-]+\}")
_GREEDY = re.compile(r"\{[A-Za-z0-9._:-]+\+\}")
_STAGE = re.compile(r"\$default|[A-Za-z0-9_-]+")


def check_api(api: dict[str, Any]) -> None:
    """An API."""
    if api.get("ProtocolType") != "HTTP":
        raise BadRequestError("The local cloud serves ProtocolType HTTP only; WEBSOCKET is not implemented.")
    cors = api.get("CorsConfiguration") or {}
    if cors.get("AllowCredentials") and "*" in (cors.get("AllowOrigins") or ()):
        raise BadRequestError("Access-Control-Allow-Credentials can't be true if Access-Control-Allow-Origin is '*'.")
    for method in cors.get("AllowMethods") or ():
        if method != "*" and method not in _METHODS[1:]:
            raise BadRequestError(
                f"Invalid method {method} in CORS allow methods; valid: *, {', '.join(_METHODS[1:])}."
            )


def check_integration(record: ApiRecord, integration: dict[str, Any]) -> None:
    """An integration."""
    if integration.get("IntegrationType") != "AWS_PROXY" or integration.get("IntegrationSubtype"):
        kind = integration.get("IntegrationSubtype") or integration.get("IntegrationType")
        raise BadRequestError(f"The local cloud integrates AWS_PROXY with Lambda only; {kind} is not implemented.")
    uri = integration.get("IntegrationUri")
    if not uri or function_arn(uri) is None:
        raise BadRequestError("Invalid Integration URI: the ARN or the invoke ARN of a Lambda function is needed.")
    if integration.get("PayloadFormatVersion") not in ("1.0", "2.0"):
        raise BadRequestError("PayloadFormatVersion is a required parameter for this integration; valid: 1.0, 2.0.")
    if integration["PayloadFormatVersion"] == "1.0":
        raise BadRequestError("The local cloud speaks payload format 2.0 only; 1.0 is not implemented.")
    for name in ("RequestParameters", "ResponseParameters", "CredentialsArn"):
        if integration.get(name):
            raise BadRequestError(f"{name} of an integration is not implemented by the local cloud.")
    if len(record.integrations) > MAX_INTEGRATIONS:
        raise ConflictError(f"Maximum number of integrations is {MAX_INTEGRATIONS}")


def check_route(record: ApiRecord, route: dict[str, Any], route_id: str) -> None:
    """A route."""
    key = route["RouteKey"]
    if key != "$default":
        method, space, path = key.partition(" ")
        if not space or method not in _METHODS or not path.startswith("/"):
            raise BadRequestError(
                "The provided route key is not formatted properly for HTTP protocol. "
                'Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"'
            )
        *inner, last = path[1:].split("/")
        if any(not _SEGMENT.fullmatch(part) for part in inner) or not (
            _SEGMENT.fullmatch(last) or _GREEDY.fullmatch(last)
        ):
            raise BadRequestError(
                f"Invalid resource path in route key {key}: a greedy variable must be its last segment."
            )
        names = re.findall(r"\{([^}+]+)\+?\}", path)
        if len(set(names)) < len(names):
            raise BadRequestError(f"Invalid resource path in route key {key}: a path variable stands in it twice.")
    if any(other["RouteKey"] == key for number, other in record.routes.items() if number != route_id):
        raise ConflictError(f"Route with key {key} already exists for this API")
    if route.get("AuthorizationType", "NONE") != "NONE":
        raise BadRequestError("The local cloud implements AuthorizationType NONE only.")
    target = route.get("Target")
    if target is not None and target.removeprefix("integrations/") not in record.integrations:
        raise BadRequestError(f"Target {target} does not name an integration of this API (integrations/ID).")
    if route_id not in record.routes and len(record.routes) >= MAX_ROUTES:
        raise ConflictError(f"Maximum number of routes is {MAX_ROUTES}")


def check_stage(record: ApiRecord, stage: dict[str, Any], logs: LogSink) -> None:
    """A stage."""
    if not _STAGE.fullmatch(stage["StageName"]):
        raise BadRequestError("Stage name only allows a-zA-Z0-9_- or $default.")
    deployment = stage.get("DeploymentId")
    if deployment is not None and deployment not in record.deployments:
        raise BadRequestError(f"Deployment {deployment} does not exist.")
    settings = stage.get("AccessLogSettings")
    if settings:
        group = (settings.get("DestinationArn") or "").partition(":log-group:")[2].removesuffix(":*")
        if not group:
            raise BadRequestError("Invalid access log destination: the ARN of a CloudWatch log group is needed.")
        if "$context.requestId" not in (settings.get("Format") or "") and "$context.extendedRequestId" not in (
            settings.get("Format") or ""
        ):
            raise BadRequestError("Access log format must contain $context.requestId or $context.extendedRequestId.")
        if not logs.has_group(group):
            raise BadRequestError(f"The access log destination {group} does not exist.")
    keys = {route["RouteKey"] for route in record.routes.values()}
    for key in stage.get("RouteSettings") or {}:
        if key not in keys:
            raise BadRequestError(f"Unable to find Route by key {key} within the provided RouteSettings")
