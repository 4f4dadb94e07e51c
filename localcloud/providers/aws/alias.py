"""aws:lambda/alias:Alias."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar

from localcloud.providers.aws.client import Aws
from localcloud.providers.aws.common import IDENTITY, MAP, REPLACING, REQUIRED, TEXT, block
from localcloud.providers.aws.function import invoke_arn
from localcloud.providers.aws.leftovers import carries, create_over_leftover, mark_in, marked_text, unmarked_text
from localcloud.providers.protocol.errors import ProviderError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource

_ARN_PARTS = 8


class Alias(Resource[Aws]):
    """A name for a version. The description carries the mark, as aliases have no tags."""

    pulumi_type = "aws:lambda/alias:Alias"
    inputs: ClassVar = {
        "description": TEXT,
        "functionName": IDENTITY,
        "functionVersion": REQUIRED,
        "name": REPLACING,
        "region": REPLACING,
        "routingConfig": block(additionalVersionWeights=MAP),
    }
    outputs = ("arn", "invokeArn", "region")
    stables = ("arn", "invokeArn", "name", "region")
    name = AutoName(limit=128)

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        region = inputs.get("region")
        key = {"FunctionName": inputs["functionName"], "Name": inputs["name"]}

        def make() -> str:
            return str(
                client.call("lambda", "CreateAlias", region, **key, **_target(inputs, identity.mark))["AliasArn"]
            )

        def is_leftover() -> bool:
            return carries(client.call("lambda", "GetAlias", region, **key).get("Description"), identity)

        return create_over_leftover(
            make, is_leftover, lambda: client.discard("lambda", "DeleteAlias", region=region, **key)
        )

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        function, name = _names(resource_id)
        region = known.get("region")
        now = client.find("lambda", "GetAlias", region=region, FunctionName=function, Name=name)
        if now is None:
            return None
        weights = now.get("RoutingConfig", {}).get("AdditionalVersionWeights")
        same_function = str(known.get("functionName", function)).split(":function:")[-1] == function
        inputs = {
            "description": unmarked_text(now.get("Description")),
            "functionName": known.get("functionName", function) if same_function else function,
            "functionVersion": now["FunctionVersion"],
            "name": now["Name"],
            "routingConfig": {"additionalVersionWeights": weights} if weights else None,
        }
        region, arn = region or client.region, str(now["AliasArn"])
        return Actual(arn, inputs, {"arn": arn, "invokeArn": invoke_arn(region, arn), "region": region})

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        region, (function, name) = news.get("region"), _names(resource_id)
        key = {"FunctionName": function, "Name": name}
        mark = mark_in(client.call("lambda", "GetAlias", region, **key).get("Description"))
        client.call("lambda", "UpdateAlias", region, **key, **_target(news, mark))

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        function, name = _names(resource_id)
        client.discard("lambda", "DeleteAlias", region=known.get("region"), FunctionName=function, Name=name)


def _target(inputs: Mapping[str, Any], mark: str) -> dict[str, Any]:
    weights = (inputs.get("routingConfig") or {}).get("additionalVersionWeights") or {}
    return {
        "FunctionVersion": inputs["functionVersion"],
        "Description": marked_text(inputs.get("description"), mark) if mark else inputs.get("description", ""),
        "RoutingConfig": {"AdditionalVersionWeights": weights},
    }


def _names(resource_id: str) -> tuple[str, str]:
    """Function and alias, of the alias's ARN or, on import, of `FUNCTION/ALIAS`."""
    parts = resource_id.split(":")
    if resource_id.startswith("arn:") and len(parts) == _ARN_PARTS:
        return parts[6], parts[7]
    function, found, name = resource_id.partition("/")
    if not found:
        raise ProviderError(f"{Alias.pulumi_type}: the id {resource_id!r} must be the alias's ARN or FUNCTION/ALIAS")
    return function, name
