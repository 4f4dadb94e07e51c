"""cloudflare:index/d1Database:D1Database."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar, Final

from localcloud.providers.cloudflare.client import Cloudflare
from localcloud.providers.cloudflare.script import IDENTITY
from localcloud.providers.cloudflare.upload import camel
from localcloud.providers.protocol.errors import ProviderError, ServiceFailureError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property

_EXISTS: Final = "7502"
_OUTPUTS: Final = ("createdAt", "fileSize", "numTables", "uuid", "version")


class D1Database(Resource[Cloudflare]):
    """A database. Its id is the server's uuid; import as `ACCOUNT/UUID`."""

    pulumi_type = "cloudflare:index/d1Database:D1Database"
    inputs: ClassVar = {
        "accountId": IDENTITY,
        "jurisdiction": Property(replaces=True, choices=("eu", "fedramp", "us")),
        "name": IDENTITY,
        "primaryLocationHint": Property(replaces=True, choices=("wnam", "enam", "weur", "eeur", "apac", "oc")),
        "readReplication": Property("object", fields={"mode": Property(required=True, choices=("auto", "disabled"))}),
    }
    outputs = _OUTPUTS
    stables = ("createdAt", "uuid", "version")
    exclusive = True

    def create(self, client: Cloudflare, inputs: Mapping[str, Any], identity: Identity) -> str:
        wanted = {
            "name": inputs["name"],
            "jurisdiction": inputs.get("jurisdiction"),
            "primary_location_hint": inputs.get("primaryLocationHint"),
            "read_replication": inputs.get("readReplication"),
        }
        body = {key: value for key, value in wanted.items() if value is not None}
        collection = f"/accounts/{inputs['accountId']}/d1/database"
        try:
            return str(client.call("POST", collection, body)["uuid"])
        except ServiceFailureError as error:
            if error.code != _EXISTS:
                raise
            # Names are unique. An empty one of this name is what a killed create left behind; no other is taken over.
            for database in client.call("GET", collection, name=inputs["name"], per_page=100):
                if database["name"] == inputs["name"] and database.get("jurisdiction") == inputs.get("jurisdiction"):
                    found = client.call("GET", f"{collection}/{database['uuid']}")
                    if found.get("num_tables") == 0:
                        return str(found["uuid"])
            raise

    def update(
        self, client: Cloudflare, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        body = {"read_replication": news.get("readReplication") or {"mode": "disabled"}}
        client.call("PUT", f"/accounts/{news['accountId']}/d1/database/{resource_id}", body)

    def read(self, client: Cloudflare, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        account, uuid = place(resource_id, known, self.pulumi_type)
        now = client.find("GET", f"/accounts/{account}/d1/database/{uuid}")
        if now is None:
            return None
        now = camel(now)
        inputs = {
            "accountId": account,
            "name": now["name"],
            "jurisdiction": now.get("jurisdiction"),
            "readReplication": now.get("readReplication"),
        }
        return Actual(uuid, inputs, {key: now[key] for key in _OUTPUTS if key in now})

    def delete(self, client: Cloudflare, resource_id: str, known: Mapping[str, Any]) -> None:
        account, uuid = place(resource_id, known, self.pulumi_type)
        client.find("DELETE", f"/accounts/{account}/d1/database/{uuid}")


def place(resource_id: str, known: Mapping[str, Any], kind: str) -> tuple[str, str]:
    """Account and id; on import from `ACCOUNT/ID`."""
    if known.get("accountId"):
        return str(known["accountId"]), resource_id
    account, found, identity = resource_id.partition("/")
    if not found:
        raise ProviderError(f"{kind}: the id {resource_id!r} must have the form ACCOUNT/ID")
    return account, identity
