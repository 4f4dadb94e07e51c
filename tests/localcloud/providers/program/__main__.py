"""The whole AWS side of an HTTP API in miniature; FEATURES, comma separated, changes parts of it."""

import json
import os

import pulumi
import pulumi_aws as aws

features = set(filter(None, os.environ.get("FEATURES", "").split(",")))
trust = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
region = aws.get_region().region
group = aws.cloudwatch.LogGroup("group", retention_in_days=14 if "retention" in features else 7, tags={"a": "b"})
role = aws.iam.Role(
    "role", assume_role_policy=json.dumps(trust), path="/other/" if "path" in features else "/", tags={"a": "b"}
)
aws.iam.RolePolicy(
    "policy",
    role=role.name,
    policy=group.arn.apply(
        lambda arn: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": f"{arn}:*"}],
            }
        )
    ),
)
function = aws.lambda_.Function(
    "function",
    role=role.arn,
    runtime="python3.13",
    handler="index.handler",
    publish=True,
    code=pulumi.AssetArchive(
        {"index.py": pulumi.StringAsset(f"def handler(event, context): return {'changed' in features}")}
    ),
    environment={"variables": {"PLAIN": "plain", "SECRET": pulumi.Output.secret("hush-hush")}},
)
alias = aws.lambda_.Alias("alias", name="live", function_name=function.name, function_version=function.version)
api = aws.apigatewayv2.Api("api", protocol_type="HTTP", tags={"a": "b"})
integration = aws.apigatewayv2.Integration(
    "integration",
    api_id=api.id,
    integration_type="AWS_PROXY",
    integration_uri=alias.invoke_arn,
    payload_format_version="2.0",
)
aws.apigatewayv2.Route(
    "route", api_id=api.id, route_key="$default", target=integration.id.apply(lambda found: f"integrations/{found}")
)
aws.apigatewayv2.Stage(
    "stage",
    api_id=api.id,
    name="$default",
    auto_deploy=True,
    default_route_settings={"throttling_burst_limit": 5, "throttling_rate_limit": 10},
)
aws.lambda_.Permission(
    "permission",
    action="lambda:InvokeFunction",
    function=function.name,
    principal="apigateway.amazonaws.com",
    source_arn=api.execution_arn.apply(lambda arn: f"{arn}/*/*"),
)
pulumi.export("region", region)
pulumi.export("function", function.name)
pulumi.export("version", function.version)
pulumi.export("role", role.name)
pulumi.export("api", api.id)
pulumi.export("url", api.api_endpoint)
