"""aws:apigatewayv2/api:Api."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any, ClassVar, Final

from localcloud.providers.aws.client import MARK, Aws
from localcloud.providers.aws.common import FLAG, MAP, NUMBER, REPLACING, STRINGS, TEXT, block
from localcloud.providers.aws.shape import from_api, to_api
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property

_MEMBERS: Final = (
    "apiKeySelectionExpression", "corsConfiguration", "description", "disableExecuteApiEndpoint", "ipAddressType",
    "name", "protocolType", "routeSelectionExpression", "version",
)  # fmt: skip
_CREATE_ONLY: Final = ("credentialsArn", "routeKey", "target")


class Api(Resource[Aws]):
    """An HTTP API; its id comes from the service, so a leftover is found by its tag."""

    pulumi_type = "aws:apigatewayv2/api:Api"
    inputs: ClassVar = {
        "apiKeySelectionExpression": TEXT,
        "corsConfiguration": block(
            allowCredentials=FLAG,
            allowHeaders=STRINGS,
            allowMethods=STRINGS,
            allowOrigins=STRINGS,
            exposeHeaders=STRINGS,
            maxAge=NUMBER,
        ),
        "credentialsArn": TEXT,
        "description": TEXT,
        "disableExecuteApiEndpoint": FLAG,
        "ipAddressType": TEXT,
        "name": TEXT,
        "protocolType": Property(required=True, replaces=True, choices=("HTTP", "WEBSOCKET")),
        "region": REPLACING,
        "routeKey": TEXT,
        "routeSelectionExpression": TEXT,
        "tags": MAP,
        "target": TEXT,
        "version": TEXT,
    }
    outputs = ("apiEndpoint", "arn", "executionArn", "region", "tagsAll")
    stables = ("apiEndpoint", "arn", "executionArn", "region")
    name = AutoName(limit=128)

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region), "tagsAll": client.tags(inputs)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        region = inputs.get("region")
        for api in _all(client, region):
            if (api.get("Tags") or {}).get(MARK) == identity.mark:
                client.discard("apigatewayv2", "DeleteApi", region=region, ApiId=api["ApiId"])
        made = client.call(
            "apigatewayv2",
            "CreateApi",
            region,
            Tags=client.marked_tags(inputs, identity),
            **to_api(inputs, self.inputs, (*_MEMBERS, *_CREATE_ONLY)),
        )
        return str(made["ApiId"])

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        region = known.get("region")
        now = client.find("apigatewayv2", "GetApi", region=region, ApiId=resource_id)
        if now is None:
            return None
        region, tags = region or client.region, now.get("Tags") or {}
        account = client.caller["Account"]
        return Actual(
            resource_id,
            {**from_api(now, self.inputs, _MEMBERS), "tags": client.own_tags(tags)},
            {
                "apiEndpoint": now["ApiEndpoint"],
                "arn": f"arn:aws:apigateway:{region}::/apis/{resource_id}",
                "executionArn": f"arn:aws:execute-api:{region}:{account}:{resource_id}",
                "region": region,
                "tagsAll": {key: value for key, value in tags.items() if key != MARK},
            },
        )

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        region = news.get("region")
        members = changed & {*_MEMBERS, *_CREATE_ONLY}
        if "corsConfiguration" in changed and not news.get("corsConfiguration"):
            client.discard("apigatewayv2", "DeleteCorsConfiguration", region=region, ApiId=resource_id)
            members = members - {"corsConfiguration"}
        if members:
            emptied = dict.fromkeys(members & {"description", "version"}, "")
            parameters = to_api({**emptied, **news}, self.inputs, members)
            client.call("apigatewayv2", "UpdateApi", region, ApiId=resource_id, **parameters)
        retag(client, olds, news)

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        client.discard("apigatewayv2", "DeleteApi", region=known.get("region"), ApiId=resource_id)


def retag(client: Aws, olds: Mapping[str, Any], news: Mapping[str, Any]) -> None:
    """Tags of an API or stage, by its ARN."""
    region, arn = news.get("region"), olds["arn"]
    before, after = client.tags(olds) | (olds.get("tagsAll") or {}), client.tags(news)
    if removed := sorted(set(before) - set(after)):
        client.call("apigatewayv2", "UntagResource", region, ResourceArn=arn, TagKeys=removed)
    if after and after != before:
        client.call("apigatewayv2", "TagResource", region, ResourceArn=arn, Tags=after)


def _all(client: Aws, region: str | None) -> Iterator[dict[str, Any]]:
    token: str | None = None
    while True:
        answer = client.call("apigatewayv2", "GetApis", region, NextToken=token)
        yield from answer["Items"]
        token = answer.get("NextToken")
        if not token:
            return
