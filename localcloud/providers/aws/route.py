"""aws:apigatewayv2/route:Route."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar, Final

from localcloud.providers.aws.api_ids import child_ids, children
from localcloud.providers.aws.client import Aws
from localcloud.providers.aws.common import FLAG, IDENTITY, MAP, REPLACING, REQUIRED, STRINGS, TEXT
from localcloud.providers.aws.leftovers import create_over_leftover
from localcloud.providers.aws.shape import from_api, to_api
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property

_MEMBERS: Final = (
    "apiKeyRequired", "authorizationScopes", "authorizationType", "authorizerId", "modelSelectionExpression",
    "operationName", "requestModels", "routeKey", "routeResponseSelectionExpression", "target",
)  # fmt: skip

_MARK: Final = "pulumi-"


class Route(Resource[Aws]):
    """A route. Where the program gives no operation name, that carries the mark, as routes have no tags."""

    pulumi_type = "aws:apigatewayv2/route:Route"
    inputs: ClassVar = {
        "apiId": IDENTITY,
        "apiKeyRequired": FLAG,
        "authorizationScopes": STRINGS,
        "authorizationType": Property(default="NONE"),
        "authorizerId": TEXT,
        "modelSelectionExpression": TEXT,
        "operationName": TEXT,
        "region": REPLACING,
        "requestModels": MAP,
        "routeKey": REQUIRED,
        "routeResponseSelectionExpression": TEXT,
        "target": TEXT,
    }
    outputs = ("region",)
    stables = ("region",)
    exclusive = True

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        api, region = inputs["apiId"], inputs.get("region")
        marked = {"operationName": f"{_MARK}{identity.digest}", **inputs}

        def make() -> str:
            parameters = to_api(marked, self.inputs, _MEMBERS)
            return str(client.call("apigatewayv2", "CreateRoute", region, ApiId=api, **parameters)["RouteId"])

        def same() -> list[str]:
            return [
                route["RouteId"]
                for route in children(client, "GetRoutes", api, region)
                if route["RouteKey"] == inputs["routeKey"]
                and route.get("OperationName") == marked["operationName"]
                and route.get("Target") == inputs.get("target")
            ]

        def remove() -> None:
            for route in same():
                client.discard("apigatewayv2", "DeleteRoute", region=region, ApiId=api, RouteId=route)

        remove()
        return create_over_leftover(make, lambda: bool(same()), remove)

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        api, route = child_ids(self.pulumi_type, resource_id, known)
        region = known.get("region")
        now = client.find("apigatewayv2", "GetRoute", region=region, ApiId=api, RouteId=route)
        if now is None:
            return None
        inputs = {**from_api(now, self.inputs, _MEMBERS), "apiId": api}
        if str(inputs.get("operationName", "")).startswith(_MARK):
            del inputs["operationName"]
        return Actual(route, inputs, {"region": region or client.region})

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        emptied = dict.fromkeys(changed & {"target", "operationName"}, "")
        parameters = to_api({**emptied, **news}, self.inputs, changed & set(_MEMBERS))
        key = {"ApiId": news["apiId"], "RouteId": resource_id}
        client.call("apigatewayv2", "UpdateRoute", news.get("region"), **key, **parameters)

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        key = {"ApiId": known["apiId"], "RouteId": resource_id}
        client.discard("apigatewayv2", "DeleteRoute", region=known.get("region"), **key)
