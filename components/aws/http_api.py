"""The capability "HTTP API" on AWS: an API Gateway HTTP API in front of a Lambda function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pulumi
import pulumi_aws as aws

from app.spec import Route
from components.aws.function import Function, FunctionArgs
from components.errors import ArgumentError
from components.limits import HTTP_API_BURST, HTTP_API_RATE, HTTP_API_TIMEOUT
from components.naming import HTTP_API, LOG_GROUP, physical_name

# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
_ACCESS_LOG = json.dumps(
    {
        "requestId": "$context.requestId",
        "requestTime": "$context.requestTime",
        "ip": "$context.identity.sourceIp",
        "httpMethod": "$context.httpMethod",
        "path": "$context.path",
        "routeKey": "$context.routeKey",
        "protocol": "$context.protocol",
        "status": "$context.status",
        "responseLength": "$context.responseLength",
        "responseLatency": "$context.responseLatency",
        "integrationLatency": "$context.integrationLatency",
        "integrationStatus": "$context.integrationStatus",
        "error": "$context.error.message",
        "integrationError": "$context.integrationErrorMessage",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApiArgs:
    """`throttle_rate` is requests a second, `throttle_burst` requests; no `cors_origins` means no CORS."""

    function: FunctionArgs
    routes: tuple[Route, ...]
    throttle_rate: int
    throttle_burst: int
    cors_origins: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not self.routes:
            raise ArgumentError("HttpApi", "routes", "is empty: no request would ever be answered")
        if self.function.timeout > HTTP_API_TIMEOUT:
            raise ArgumentError(
                "HttpApi", "function.timeout", f"is over {HTTP_API_TIMEOUT} s, after which an API answers"
            )
        if not 1 <= self.throttle_rate <= HTTP_API_RATE:
            raise ArgumentError("HttpApi", "throttle_rate", f"is {self.throttle_rate}; valid: 1 to {HTTP_API_RATE}")
        if not 1 <= self.throttle_burst <= HTTP_API_BURST:
            raise ArgumentError("HttpApi", "throttle_burst", f"is {self.throttle_burst}; valid: 1 to {HTTP_API_BURST}")


class HttpApi(pulumi.ComponentResource):
    """The application at `url`."""

    url: pulumi.Output[str]
    function_name: pulumi.Output[str]
    api_id: pulumi.Output[str]
    log_group: pulumi.Output[str]

    def __init__(self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parallax:aws:HttpApi", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        function = Function(name, args.function, opts=child)
        api = aws.apigatewayv2.Api(
            f"{name}-api",
            name=physical_name(HTTP_API, name),
            protocol_type="HTTP",
            cors_configuration=_cors(args.cors_origins),
            tags=args.tags,
            opts=child,
        )
        integration = aws.apigatewayv2.Integration(
            f"{name}-integration",
            api_id=api.id,
            integration_type="AWS_PROXY",
            integration_method="POST",
            integration_uri=function.invoke_arn,
            payload_format_version="2.0",
            timeout_milliseconds=HTTP_API_TIMEOUT * 1000,
            opts=child,
        )
        permission = aws.lambda_.Permission(
            f"{name}-permission",
            statement_id="http-api",
            action="lambda:InvokeFunction",
            function=function.function_name,
            qualifier=function.alias_name,
            principal="apigateway.amazonaws.com",
            source_arn=pulumi.Output.concat(api.execution_arn, "/*/*"),
            opts=child,
        )
        routes = [
            aws.apigatewayv2.Route(
                f"{name}-route-{_key(route)}",
                api_id=api.id,
                route_key=_key(route),
                target=pulumi.Output.concat("integrations/", integration.id),
                # A route that answers before its function may be called answers 500.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
            )
            for route in args.routes
        ]
        access_log = aws.cloudwatch.LogGroup(
            f"{name}-access-logs",
            name=physical_name(LOG_GROUP, name, prefix="/aws/apigateway/"),
            retention_in_days=args.function.log_retention,
            tags=args.tags,
            opts=child,
        )
        aws.apigatewayv2.Stage(
            f"{name}-stage",
            name="$default",
            api_id=api.id,
            auto_deploy=True,
            access_log_settings={"destination_arn": access_log.arn, "format": _ACCESS_LOG},
            default_route_settings={
                "throttling_rate_limit": args.throttle_rate,
                "throttling_burst_limit": args.throttle_burst,
            },
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=routes),
        )

        self.url = api.api_endpoint
        self.function_name = function.function_name
        self.api_id = api.id
        self.log_group = function.log_group
        self.register_outputs(
            {
                "url": self.url,
                "function_name": self.function_name,
                "api_id": self.api_id,
                "log_group": self.log_group,
            }
        )


def _key(route: Route) -> str:
    return "$default" if route.is_catch_all else f"{route.method} {route.path}"


def _cors(origins: tuple[str, ...]) -> aws.apigatewayv2.ApiCorsConfigurationArgs | None:
    if not origins:
        return None
    return aws.apigatewayv2.ApiCorsConfigurationArgs(
        allow_origins=list(origins), allow_methods=["*"], allow_headers=["*"], max_age=3600
    )
