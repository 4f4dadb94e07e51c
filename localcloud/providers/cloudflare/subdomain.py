"""cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar

from localcloud.providers.cloudflare.client import Cloudflare
from localcloud.providers.cloudflare.script import FLAG, IDENTITY, path, place
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property


class WorkersScriptSubdomain(Resource[Cloudflare]):
    """Whether a script answers on workers.dev; setting it twice is the same as once."""

    pulumi_type = "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain"
    inputs: ClassVar = {
        "accountId": IDENTITY,
        "enabled": Property("boolean", required=True),
        "previewsEnabled": FLAG,
        "scriptName": IDENTITY,
    }
    exclusive = True

    def create(self, client: Cloudflare, inputs: Mapping[str, Any], identity: Identity) -> str:
        _set(client, inputs)
        return str(inputs["scriptName"])

    def update(
        self, client: Cloudflare, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        _set(client, news)

    def read(self, client: Cloudflare, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        account, script = place(resource_id, known, self.pulumi_type)
        now = client.find("GET", f"{path(account, script)}/subdomain")
        if now is None:
            return None
        inputs = {"accountId": account, "scriptName": script, "enabled": now["enabled"]}
        return Actual(script, {**inputs, "previewsEnabled": now.get("previews_enabled")})

    def delete(self, client: Cloudflare, resource_id: str, known: Mapping[str, Any]) -> None:
        account, script = place(resource_id, known, self.pulumi_type)
        client.find("DELETE", f"{path(account, script)}/subdomain")


def _set(client: Cloudflare, inputs: Mapping[str, Any]) -> None:
    body = {"enabled": inputs["enabled"]}
    if inputs.get("previewsEnabled") is not None:
        body["previews_enabled"] = inputs["previewsEnabled"]
    client.call("POST", f"{path(inputs['accountId'], inputs['scriptName'])}/subdomain", body)
