"""cloudflare:index/workersKvNamespace:WorkersKvNamespace."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar, Final

from localcloud.providers.cloudflare.client import Cloudflare
from localcloud.providers.cloudflare.d1_database import place
from localcloud.providers.cloudflare.script import IDENTITY
from localcloud.providers.protocol.errors import ServiceFailureError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Property

_EXISTS: Final = "10014"
_PER_PAGE: Final = 100


class WorkersKvNamespace(Resource[Cloudflare]):
    """A namespace of Workers KV. Its id is the server's; import as `ACCOUNT/ID`."""

    pulumi_type = "cloudflare:index/workersKvNamespace:WorkersKvNamespace"
    inputs: ClassVar = {
        "accountId": IDENTITY,
        "jurisdiction": Property(replaces=True, choices=("eu", "fedramp", "us")),
        "title": Property(required=True),
    }
    outputs = ("supportsUrlEncoding",)
    stables = ("supportsUrlEncoding",)
    exclusive = True

    def create(self, client: Cloudflare, inputs: Mapping[str, Any], identity: Identity) -> str:
        collection = _collection(inputs["accountId"])
        body = {key: inputs[key] for key in ("title", "jurisdiction") if inputs.get(key) is not None}
        try:
            return str(client.call("POST", collection, body)["id"])
        except ServiceFailureError as error:
            if error.code != _EXISTS:
                raise
            # Titles are unique. An empty one of this title is what a killed create left behind; no other is taken over.
            found = _titled(client, collection, inputs["title"])
            if found is None or client.call("GET", f"{collection}/{found}/keys"):
                raise
            return found

    def update(
        self, client: Cloudflare, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        client.call("PUT", f"{_collection(news['accountId'])}/{resource_id}", {"title": news["title"]})

    def read(self, client: Cloudflare, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        account, namespace = place(resource_id, known, self.pulumi_type)
        now = client.find("GET", f"{_collection(account)}/{namespace}")
        if now is None:
            return None
        inputs = {"accountId": account, "title": now["title"], "jurisdiction": now.get("jurisdiction")}
        return Actual(namespace, inputs, {"supportsUrlEncoding": now.get("supports_url_encoding")})

    def delete(self, client: Cloudflare, resource_id: str, known: Mapping[str, Any]) -> None:
        account, namespace = place(resource_id, known, self.pulumi_type)
        client.find("DELETE", f"{_collection(account)}/{namespace}")


def _collection(account: str) -> str:
    return f"/accounts/{account}/storage/kv/namespaces"


def _titled(client: Cloudflare, collection: str, title: str) -> str | None:
    number = 1
    while namespaces := client.call("GET", collection, page=number, per_page=_PER_PAGE):
        for namespace in namespaces:
            if namespace["title"] == title:
                return str(namespace["id"])
        number += 1
    return None
