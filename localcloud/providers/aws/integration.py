"""aws:apigatewayv2/integration:Integration."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar, Final

from localcloud.providers.aws.api_ids import child_ids, children
from localcloud.providers.aws.client import Aws
from localcloud.providers.aws.common import IDENTITY, MAP, REPLACING, TEXT, block
from localcloud.providers.aws.leftovers import carries, mark_in, marked_text, unmarked_text
from localcloud.providers.aws.shape import from_api, to_api
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property

_MEMBERS: Final = (
    "connectionId", "connectionType", "contentHandlingStrategy", "credentialsArn", "integrationMethod",
    "integrationSubtype", "integrationType", "integrationUri", "passthroughBehavior", "payloadFormatVersion",
    "requestParameters", "requestTemplates", "templateSelectionExpression", "tlsConfig",
)  # fmt: skip


class Integration(Resource[Aws]):
    """What a route calls. The description carries the mark, as integrations have no tags."""

    pulumi_type = "aws:apigatewayv2/integration:Integration"
    inputs: ClassVar = {
        "apiId": IDENTITY,
        "connectionId": TEXT,
        "connectionType": Property(default="INTERNET"),
        "contentHandlingStrategy": TEXT,
        "credentialsArn": TEXT,
        "description": TEXT,
        "integrationMethod": TEXT,
        "integrationSubtype": REPLACING,
        "integrationType": IDENTITY,
        "integrationUri": TEXT,
        "passthroughBehavior": TEXT,
        "payloadFormatVersion": Property(default="1.0", choices=("1.0", "2.0")),
        "region": REPLACING,
        "requestParameters": MAP,
        "requestTemplates": MAP,
        "responseParameters": Property("list", fields={"mappings": MAP, "statusCode": TEXT}),
        "templateSelectionExpression": TEXT,
        "timeoutMilliseconds": Property("integer"),
        "tlsConfig": block(serverNameToVerify=TEXT),
    }
    outputs = ("integrationResponseSelectionExpression", "region")
    stables = ("region",)

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        api, region = inputs["apiId"], inputs.get("region")
        for found in children(client, "GetIntegrations", api, region):
            if carries(found.get("Description"), identity):
                key = {"ApiId": api, "IntegrationId": found["IntegrationId"]}
                client.discard("apigatewayv2", "DeleteIntegration", region=region, **key)
        made = client.call(
            "apigatewayv2", "CreateIntegration", region, ApiId=api, **_parameters(inputs, _MEMBERS, identity.mark)
        )
        return str(made["IntegrationId"])

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        api, integration = child_ids(self.pulumi_type, resource_id, known)
        region = known.get("region")
        now = client.find("apigatewayv2", "GetIntegration", region=region, ApiId=api, IntegrationId=integration)
        if now is None:
            return None
        inputs = {
            **from_api(now, self.inputs, _MEMBERS),
            "apiId": api,
            "description": unmarked_text(now.get("Description")),
            "timeoutMilliseconds": now.get("TimeoutInMillis"),
            "responseParameters": [
                {"statusCode": status, "mappings": mappings}
                for status, mappings in sorted((now.get("ResponseParameters") or {}).items())
            ],
        }
        expression = now.get("IntegrationResponseSelectionExpression", "")
        outputs = {"integrationResponseSelectionExpression": expression, "region": region or client.region}
        return Actual(integration, inputs, outputs)

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        region, key = news.get("region"), {"ApiId": news["apiId"], "IntegrationId": resource_id}
        mark = mark_in(client.call("apigatewayv2", "GetIntegration", region, **key).get("Description"))
        members = (changed & set(_MEMBERS)) | {"integrationType"}
        client.call("apigatewayv2", "UpdateIntegration", region, **key, **_parameters(news, members, mark))

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        key = {"ApiId": known["apiId"], "IntegrationId": resource_id}
        client.discard("apigatewayv2", "DeleteIntegration", region=known.get("region"), **key)


def _parameters(inputs: Mapping[str, Any], members: Any, mark: str) -> dict[str, Any]:
    responses = {item["statusCode"]: item["mappings"] for item in inputs.get("responseParameters") or ()}
    text = inputs.get("description")
    return {
        **to_api(inputs, Integration.inputs, members),
        "Description": marked_text(text, mark) if mark else text,
        "ResponseParameters": responses or None,
        "TimeoutInMillis": None if inputs.get("timeoutMilliseconds") is None else int(inputs["timeoutMilliseconds"]),
    }
