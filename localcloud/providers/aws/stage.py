"""aws:apigatewayv2/stage:Stage."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar, Final

from localcloud.providers.aws.api_ids import child_ids
from localcloud.providers.aws.client import MARK, Aws
from localcloud.providers.aws.common import FLAG, IDENTITY, MAP, NUMBER, REPLACING, REQUIRED, TEXT, block
from localcloud.providers.aws.http_api import retag
from localcloud.providers.aws.leftovers import create_over_leftover
from localcloud.providers.aws.shape import from_api, to_api
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property

_SETTINGS: Final = {
    "dataTraceEnabled": FLAG,
    "detailedMetricsEnabled": FLAG,
    "loggingLevel": TEXT,
    "throttlingBurstLimit": NUMBER,
    "throttlingRateLimit": Property("number"),
}
_MEMBERS: Final = (
    "accessLogSettings", "autoDeploy", "clientCertificateId", "defaultRouteSettings", "deploymentId", "description",
    "stageVariables",
)  # fmt: skip


class Stage(Resource[Aws]):
    """A stage; `$default` is served without a path."""

    pulumi_type = "aws:apigatewayv2/stage:Stage"
    inputs: ClassVar = {
        "accessLogSettings": block(destinationArn=REQUIRED, format=REQUIRED),
        "apiId": IDENTITY,
        "autoDeploy": FLAG,
        "clientCertificateId": TEXT,
        "defaultRouteSettings": block(**_SETTINGS),
        "deploymentId": TEXT,
        "description": TEXT,
        "name": REPLACING,
        "region": REPLACING,
        "routeSettings": Property("list", fields={"routeKey": REQUIRED, **_SETTINGS}),
        "stageVariables": MAP,
        "tags": MAP,
    }
    outputs = ("arn", "executionArn", "invokeUrl", "region", "tagsAll")
    stables = ("arn", "executionArn", "invokeUrl", "name", "region")
    name = AutoName(limit=128)

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region), "tagsAll": client.tags(inputs)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        region = inputs.get("region")
        key = {"ApiId": inputs["apiId"], "StageName": inputs["name"]}

        def make() -> str:
            tags = client.marked_tags(inputs, identity)
            parameters = _parameters(inputs, {*_MEMBERS, "routeSettings"})
            return str(client.call("apigatewayv2", "CreateStage", region, **key, Tags=tags, **parameters)["StageName"])

        def is_leftover() -> bool:
            tags = client.call("apigatewayv2", "GetStage", region, **key).get("Tags") or {}
            return tags.get(MARK) == identity.mark

        return create_over_leftover(
            make, is_leftover, lambda: client.discard("apigatewayv2", "DeleteStage", region=region, **key)
        )

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        api, stage = child_ids(self.pulumi_type, resource_id, known)
        region = known.get("region")
        now = client.find("apigatewayv2", "GetStage", region=region, ApiId=api, StageName=stage)
        above = client.find("apigatewayv2", "GetApi", region=region, ApiId=api)
        if now is None or above is None:
            return None
        tags, region, account = now.get("Tags") or {}, region or client.region, client.caller["Account"]
        inputs = {
            **from_api(now, self.inputs, _MEMBERS),
            "apiId": api,
            "name": stage,
            "tags": client.own_tags(tags),
            "routeSettings": [
                {"routeKey": key, **from_api(settings, _SETTINGS, _SETTINGS)}
                for key, settings in sorted((now.get("RouteSettings") or {}).items())
            ],
        }
        if now.get("AutoDeploy"):
            inputs.pop("deploymentId", None)  # AWS chooses it then
        base = str(above["ApiEndpoint"]).rstrip("/")
        return Actual(
            stage,
            inputs,
            {
                "arn": f"arn:aws:apigateway:{region}::/apis/{api}/stages/{stage}",
                "executionArn": f"arn:aws:execute-api:{region}:{account}:{api}/{stage}",
                "invokeUrl": f"{base}/" if stage == "$default" else f"{base}/{stage}",
                "region": region,
                "tagsAll": {key: value for key, value in tags.items() if key != MARK},
            },
        )

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        region, key = news.get("region"), {"ApiId": news["apiId"], "StageName": resource_id}
        if "accessLogSettings" in changed and not news.get("accessLogSettings"):
            client.discard("apigatewayv2", "DeleteAccessLogSettings", region=region, **key)
        kept = {item["routeKey"] for item in news.get("routeSettings") or ()}
        for item in olds.get("routeSettings") or ():
            if item["routeKey"] not in kept:
                route = item["routeKey"]
                client.discard("apigatewayv2", "DeleteRouteSettings", region=region, **key, RouteKey=route)
        gone = set(olds.get("stageVariables") or {}) - set(news.get("stageVariables") or {})
        # AWS merges the map that an update sends; an empty value takes a variable away.
        variables = {**dict.fromkeys(gone, ""), **(news.get("stageVariables") or {})}
        emptied = {"description": "", "defaultRouteSettings": {}}
        parameters = _parameters({**emptied, **news, "stageVariables": variables}, changed - {"tags", "name", "apiId"})
        if parameters:
            client.call("apigatewayv2", "UpdateStage", region, **key, **parameters)
        retag(client, olds, news)

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        key = {"ApiId": known["apiId"], "StageName": resource_id}
        client.discard("apigatewayv2", "DeleteStage", region=known.get("region"), **key)


def _parameters(inputs: Mapping[str, Any], members: Set[str]) -> dict[str, Any]:
    parameters = to_api(inputs, Stage.inputs, sorted(members & set(_MEMBERS)))
    if "routeSettings" in members and inputs.get("routeSettings"):
        parameters["RouteSettings"] = {
            item["routeKey"]: to_api(item, _SETTINGS, _SETTINGS) for item in inputs["routeSettings"]
        }
    return parameters
