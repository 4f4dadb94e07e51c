"""cloudflare:index/workersScript:WorkersScript."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any, ClassVar, Final
from urllib.parse import quote

from localcloud.providers.cloudflare.client import Cloudflare
from localcloud.providers.cloudflare.upload import camel, main_module, upload
from localcloud.providers.protocol.errors import ProviderError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Failure, Property
from localcloud.providers.protocol.values import Secret

TEXT: Final = Property()
FLAG: Final = Property("boolean")
IDENTITY: Final = Property(required=True, replaces=True)

_SECRET: Final = "secret_text"  # noqa: S105 (a kind of binding)
_LOGS: Final = {
    "destinations": Property("list"), "enabled": FLAG, "headSamplingRate": Property("number"), "invocationLogs": FLAG,
    "persist": FLAG, "propagationPolicy": TEXT,
}  # fmt: skip
_OUTPUTS: Final = (
    "createdOn", "etag", "handlers", "hasAssets", "hasModules", "lastDeployedFrom", "migrationTag", "modifiedOn",
    "namedHandlers", "startupTimeMs",
)  # fmt: skip
_REPORTED: Final = ("compatibilityDate", "compatibilityFlags", "limits", "logpush", "observability", "placement",
                    "tailConsumers", "usageModel")  # fmt: skip


class WorkersScript(Resource[Cloudflare]):
    """A Worker's code and settings. An upload replaces whatever has the name, so a leftover is simply written over."""

    pulumi_type = "cloudflare:index/workersScript:WorkersScript"
    inputs: ClassVar = {
        "accountId": IDENTITY,
        "annotations": Property(
            "object", fields={"workersMessage": TEXT, "workersTag": TEXT, "workersTriggeredBy": TEXT}
        ),
        "assets": Property("object"),
        "bindings": Property("list"),
        "bindingsInherit": TEXT,
        "bodyPart": TEXT,
        "cacheOptions": Property("object"),
        "compatibilityDate": TEXT,
        "compatibilityFlags": Property("set"),
        "content": TEXT,
        "contentFile": TEXT,
        "contentSha256": TEXT,
        "contentType": TEXT,
        "exports": Property("any"),
        "files": Property("map"),
        "force": FLAG,
        "keepAssets": FLAG,
        "keepBindings": Property("set"),
        "limits": Property("object", fields={"cpuMs": Property("integer"), "subrequests": Property("integer")}),
        "logpush": FLAG,
        "mainModule": TEXT,
        "migrations": Property("object"),
        "observability": Property(
            "object",
            fields={
                "enabled": FLAG,
                "headSamplingRate": Property("number"),
                "logs": Property("object", fields=_LOGS),
                "traces": Property("object", fields=_LOGS),
            },
        ),
        "packageDependencies": Property("any"),
        "placement": Property("object"),
        "scriptName": IDENTITY,
        "tailConsumers": Property("set"),
        "usageModel": TEXT,
    }
    outputs = _OUTPUTS
    stables = ("createdOn",)
    exclusive = True

    def check(self, inputs: Mapping[str, Any]) -> list[Failure]:
        found = []
        if (inputs.get("content") is None) == (inputs.get("contentFile") is None) and inputs.get("assets") is None:
            found.append(Failure("content", "exactly one of content and contentFile must be given"))
        if inputs.get("contentFile") is not None and inputs.get("contentSha256") is None:
            found.append(Failure("contentSha256", "is required with contentFile: by it a changed file is noticed"))
        return found

    def mark(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The text of each `secret_text` is secret in state."""
        if not isinstance(inputs.get("bindings"), list):
            return dict(inputs)
        return {**inputs, "bindings": [_marked(binding) for binding in inputs["bindings"]]}

    def volatile(self, changed: Set[str], inputs: Mapping[str, Any]) -> Set[str]:
        return set(_OUTPUTS) - {"createdOn"} if changed else frozenset()

    def create(self, client: Cloudflare, inputs: Mapping[str, Any], identity: Identity) -> str:
        query = {"bindings_inherit": inputs.get("bindingsInherit")}
        client.call("PUT", path(inputs["accountId"], inputs["scriptName"]), upload(inputs), **query)
        return str(inputs["scriptName"])

    def update(
        self, client: Cloudflare, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        query = {"bindings_inherit": news.get("bindingsInherit")}
        script = path(news["accountId"], news["scriptName"])
        client.call("PUT", script, upload(news), **query)
        # An upload without any secret keeps those that are there.
        kept = {binding.get("name") for binding in news.get("bindings") or []}
        if _SECRET not in (news.get("keepBindings") or []):
            for binding in olds.get("bindings") or []:
                if binding.get("type") == _SECRET and binding["name"] not in kept:
                    client.find("DELETE", f"{script}/secrets/{quote(binding['name'], safe='')}")

    def read(self, client: Cloudflare, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        account, name = place(resource_id, known, self.pulumi_type)
        service = client.find("GET", f"/accounts/{account}/workers/services/{quote(name, safe='')}")
        settings = client.find("GET", f"{path(account, name)}/settings")
        if service is None or settings is None:
            return None
        script, settings = camel(service["default_environment"]["script"]), camel(settings)
        inputs = {
            "accountId": account,
            "scriptName": name,
            **{key: settings[key] for key in _REPORTED if settings.get(key) is not None},
            "bindings": _bindings(known.get("bindings") or [], settings.get("bindings") or []),
        }
        outputs = {key: script[key] for key in _OUTPUTS if key in script}
        if not known or known.get("etag") not in {None, script.get("etag")}:
            inputs |= self._code(client, account, name, known, str(script.get("etag")))
        return Actual(name, inputs, outputs)

    def _code(self, client: Cloudflare, account: str, name: str, known: Mapping[str, Any], etag: str) -> dict[str, Any]:
        """What to say of code that this program did not upload: the text, or a digest that will not match."""
        if known.get("contentFile") is not None:
            return {"contentSha256": etag}
        return {"content": main_module(client.raw("GET", f"{path(account, name)}/content/v2"))}

    def delete(self, client: Cloudflare, resource_id: str, known: Mapping[str, Any]) -> None:
        account, name = place(resource_id, known, self.pulumi_type)
        client.find("DELETE", path(account, name), force="true" if known.get("force") else None)


def _marked(binding: Any) -> Any:
    if not isinstance(binding, dict) or binding.get("type") != _SECRET or "text" not in binding:
        return binding
    text = binding["text"]
    return {**binding, "text": text if isinstance(text, Secret) else Secret(text)}


def path(account: str, script: str) -> str:
    """A script's URL path."""
    return f"/accounts/{account}/workers/scripts/{quote(script, safe='')}"


def place(resource_id: str, known: Mapping[str, Any], kind: str) -> tuple[str, str]:
    """Account and script; on import from `ACCOUNT/SCRIPT`."""
    if known.get("accountId"):
        return str(known["accountId"]), resource_id
    account, found, script = resource_id.partition("/")
    if not found:
        raise ProviderError(f"{kind}: the id {resource_id!r} must have the form ACCOUNT/SCRIPT")
    return account, script


def _bindings(known: list[dict[str, Any]], actual: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the cloud reports, in the program's order and words; a secret's text is never told: the known one stays."""
    now = {binding["name"]: {**binding} for binding in actual}
    found: list[dict[str, Any]] = []
    for binding in known:
        reported = now.pop(binding.get("name", ""), None)
        if reported is None or reported.get("type") != binding.get("type"):
            continue
        if isinstance(binding.get("json"), str) and "json" in reported and not isinstance(reported["json"], str):
            unchanged = json.loads(binding["json"]) == reported["json"]
            reported["json"] = binding["json"] if unchanged else json.dumps(reported["json"])
        if "databaseId" in binding:
            reported["databaseId"] = reported.get("id")
        found.append({key: reported.get(key, value) for key, value in binding.items()})
    return found + list(now.values())
