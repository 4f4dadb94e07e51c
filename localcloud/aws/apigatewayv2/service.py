"""The control plane of HTTP APIs. WebSocket APIs, authorizers, domains, models and portals are not implemented."""

from __future__ import annotations

import copy
import secrets
import string
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from localcloud.aws.apigatewayv2 import rules
from localcloud.aws.apigatewayv2.dataplane import DataPlane
from localcloud.aws.apigatewayv2.exceptions import BadRequestError, ConflictError, NotFoundError
from localcloud.aws.apigatewayv2.models import ApiRecord
from localcloud.aws.apigatewayv2.store import Store
from localcloud.aws.ports import LogSink
from localcloud.aws.protocol import CallContext, unsupported

_Document = dict[str, Any]
_ALPHABET = string.ascii_lowercase + string.digits
_COLLECTIONS = {"Integration": "integrations", "Route": "routes", "Stage": "stages", "Deployment": "deployments"}


class ApiGatewayV2Service:
    """Implements Service. Every change is durable, and served, before its answer leaves."""

    name = "apigatewayv2"

    def __init__(self, data: Path, data_plane: DataPlane, logs: LogSink, account: str) -> None:
        self._store = Store(data / "apigatewayv2.sqlite3")
        self._data_plane = data_plane
        self._logs = logs
        self._account = account
        self._calls: dict[str, Callable[[_Document, CallContext], _Document]] = {
            "CreateApi": self._create_api,
            "GetApi": lambda p, c: self._shown(self._record(p), c),
            "GetApis": lambda p, c: _page([self._shown(r, c) for r in self._of(c.region)], p),
            "UpdateApi": self._update_api,
            "DeleteApi": self._delete_api,
            "DeleteCorsConfiguration": self._delete_cors,
            "CreateStage": self._create_stage,
            "CreateDeployment": self._create_deployment,
            "CreateIntegration": lambda p, c: self._create("Integration", p, c),
            "CreateRoute": lambda p, c: self._create("Route", p, c),
            "DeleteIntegration": self._delete_integration,
            "DeleteDeployment": self._delete_deployment,
            "DeleteRoute": lambda p, c: self._delete("Route", p, c),
            "DeleteStage": lambda p, c: self._delete("Stage", p, c),
            "DeleteRouteSettings": self._delete_route_settings,
            "DeleteAccessLogSettings": self._delete_access_log_settings,
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "GetTags": lambda p, _: {"Tags": self._tagged(p["ResourceArn"])[1].get("Tags") or {}},
        }
        for kind, collection in _COLLECTIONS.items():
            self._calls[f"Get{kind}"] = self._getter(kind)
            self._calls[f"Get{collection.capitalize()}"] = self._lister(collection)
            self._calls[f"Update{kind}"] = self._updater(kind)
        for record in self._store.apis.values():
            data_plane.deploy(record, self._store.regions[record.api["ApiId"]], account)

    async def call(self, operation: str, params: _Document, context: CallContext) -> _Document:
        """Runs one operation."""
        found = self._calls.get(operation)
        if found is None:
            raise unsupported("API Gateway V2", operation, self._calls)
        return found(params, context)

    def status(self) -> _Document:
        """For the child's status."""
        return {"name": "http apis", "state": "ready", "detail": f"{len(self._store.apis)} deployed"}

    def close(self) -> None:
        """Closes the store."""
        self._store.close()

    def _record(self, params: _Document) -> ApiRecord:
        record = self._store.apis.get(params["ApiId"])
        if record is None:
            raise NotFoundError("API", f"{self._account}:{params['ApiId']}")
        return record

    def _of(self, region: str) -> Iterable[ApiRecord]:
        return [record for api, record in self._store.apis.items() if self._store.regions[api] == region]

    def _shown(self, record: ApiRecord, context: CallContext) -> _Document:
        endpoint = f"{context.endpoint}/_aws/execute-api/{record.api['ApiId']}"
        return {**record.api, "ApiEndpoint": endpoint}

    def _commit(self, record: ApiRecord, region: str, *, deploys: bool = True) -> None:
        """Saves and serves; `deploys` says that what a deployment freezes has changed."""
        api = record.api["ApiId"]
        region = self._store.regions.get(api, region)
        if deploys:
            for stage in record.stages.values():
                if stage.get("AutoDeploy"):
                    stage["DeploymentId"] = self._deploy(record, "Automatic deployment", auto=True)["DeploymentId"]
            used = {stage.get("DeploymentId") for stage in record.stages.values()}
            for number, deployment in list(record.deployments.items()):
                if deployment["AutoDeployed"] and number not in used:
                    del record.deployments[number], record.snapshots[number]
        self._store.save(record, region)
        self._data_plane.deploy(record, region, self._account)

    def _create_api(self, params: _Document, context: CallContext) -> _Document:
        params = dict(params)
        target, key = params.pop("Target", None), params.pop("RouteKey", None)
        params.pop("CredentialsArn", None)
        api = {
            "ApiKeySelectionExpression": "$request.header.x-api-key",
            "RouteSelectionExpression": "$request.method $request.path",
            "DisableExecuteApiEndpoint": False,
            "IpAddressType": "ipv4",
            **params,
            "ApiId": _new_id(10),
            "CreatedDate": datetime.now(UTC),
        }
        rules.check_api(api)
        record = ApiRecord(api)
        if target is not None:
            integration = {"IntegrationType": "AWS_PROXY", "IntegrationUri": target, "PayloadFormatVersion": "2.0"}
            made = self._insert(record, "Integration", integration)
            route = {"RouteKey": key or "$default", "Target": f"integrations/{made['IntegrationId']}"}
            self._insert(record, "Route", route)
            record.stages["$default"] = self._stage({"StageName": "$default", "AutoDeploy": True})
        self._commit(record, context.region)
        return self._shown(record, context)

    def _update_api(self, params: _Document, context: CallContext) -> _Document:
        record = copy.deepcopy(self._record(params))
        record.api |= {name: value for name, value in params.items() if name not in ("ApiId", "Target", "RouteKey")}
        rules.check_api(record.api)
        self._commit(record, context.region)
        return self._shown(record, context)

    def _delete_api(self, params: _Document, _: CallContext) -> _Document:
        self._record(params)
        self._data_plane.remove(params["ApiId"])
        self._store.delete(params["ApiId"])
        return {}

    def _delete_cors(self, params: _Document, context: CallContext) -> _Document:
        record = copy.deepcopy(self._record(params))
        record.api.pop("CorsConfiguration", None)
        self._commit(record, context.region)
        return {}

    def _insert(self, record: ApiRecord, kind: str, document: _Document) -> _Document:
        number = _new_id(7)
        document = {name: value for name, value in document.items() if name != "ApiId"}
        if kind == "Integration":
            document = {"ConnectionType": "INTERNET", "IntegrationMethod": "POST", "TimeoutInMillis": 30_000} | document
        else:
            document = {"ApiKeyRequired": False, "AuthorizationType": "NONE"} | document
        document[f"{kind}Id"] = number
        self._check(record, kind, document, number)
        getattr(record, _COLLECTIONS[kind])[number] = document
        return document

    def _check(self, record: ApiRecord, kind: str, document: _Document, number: str) -> None:
        if kind == "Integration":
            rules.check_integration(record, document)
        elif kind == "Route":
            rules.check_route(record, document, number)
        elif kind == "Stage":
            rules.check_stage(record, document, self._logs)

    def _create(self, kind: str, params: _Document, context: CallContext) -> _Document:
        record = copy.deepcopy(self._record(params))
        document = self._insert(record, kind, params)
        self._commit(record, context.region)
        return document

    def _stage(self, params: _Document) -> _Document:
        now = datetime.now(UTC)
        defaults = {"AutoDeploy": False, "DefaultRouteSettings": {"DetailedMetricsEnabled": False}}
        empty: _Document = {"RouteSettings": {}, "StageVariables": {}, "Tags": {}}
        return {**defaults, **empty, **params, "CreatedDate": now, "LastUpdatedDate": now}

    def _create_stage(self, params: _Document, context: CallContext) -> _Document:
        record = copy.deepcopy(self._record(params))
        if params["StageName"] in record.stages:
            raise ConflictError("Stage already exists")
        if len(record.stages) >= rules.MAX_STAGES:
            raise ConflictError(f"Maximum number of stages is {rules.MAX_STAGES}")
        stage = self._stage({name: value for name, value in params.items() if name != "ApiId"})
        rules.check_stage(record, stage, self._logs)
        record.stages[params["StageName"]] = stage
        self._commit(record, context.region)
        return stage

    def _deploy(self, record: ApiRecord, description: str | None, *, auto: bool) -> _Document:
        number = _new_id(6)
        deployment = {
            "DeploymentId": number,
            "AutoDeployed": auto,
            "CreatedDate": datetime.now(UTC),
            "DeploymentStatus": "DEPLOYED",
            "Description": description,
        }
        record.deployments[number] = deployment
        record.snapshots[number] = record.snapshot()
        return deployment

    def _create_deployment(self, params: _Document, context: CallContext) -> _Document:
        record = copy.deepcopy(self._record(params))
        if not record.routes:
            raise BadRequestError("At least one route is required before deploying the Api.")
        deployment = self._deploy(record, params.get("Description"), auto=False)
        name = params.get("StageName")
        if name is not None:
            if name not in record.stages:
                raise NotFoundError("stage", name)
            record.stages[name]["DeploymentId"] = deployment["DeploymentId"]
        self._commit(record, context.region, deploys=False)
        return deployment

    def _getter(self, kind: str) -> Callable[[_Document, CallContext], _Document]:
        return lambda params, _: self._member(self._record(params), kind, params)

    def _lister(self, collection: str) -> Callable[[_Document, CallContext], _Document]:
        return lambda params, _: _page(list(getattr(self._record(params), collection).values()), params)

    def _updater(self, kind: str) -> Callable[[_Document, CallContext], _Document]:
        def update(params: _Document, context: CallContext) -> _Document:
            record = copy.deepcopy(self._record(params))
            document = self._member(record, kind, params)
            document |= {name: value for name, value in params.items() if name != "ApiId"}
            if kind == "Stage":
                document["LastUpdatedDate"] = datetime.now(UTC)
            self._check(record, kind, document, params[_key(kind)])
            self._commit(record, context.region)
            return document

        return update

    def _member(self, record: ApiRecord, kind: str, params: _Document) -> _Document:
        found: _Document | None = getattr(record, _COLLECTIONS[kind]).get(params[_key(kind)])
        if found is None:
            raise NotFoundError(kind if kind in ("Integration", "Route") else kind.lower(), params[_key(kind)])
        return found

    def _delete(self, kind: str, params: _Document, context: CallContext) -> _Document:
        record = copy.deepcopy(self._record(params))
        self._member(record, kind, params)
        del getattr(record, _COLLECTIONS[kind])[params[_key(kind)]]
        self._commit(record, context.region)
        return {}

    def _delete_integration(self, params: _Document, context: CallContext) -> _Document:
        target = f"integrations/{params['IntegrationId']}"
        users = [route["RouteKey"] for route in self._record(params).routes.values() if route.get("Target") == target]
        if users:
            raise ConflictError(
                f"Cannot delete Integration '{params['IntegrationId']}': routes use it: {', '.join(users)}"
            )
        return self._delete("Integration", params, context)

    def _delete_deployment(self, params: _Document, context: CallContext) -> _Document:
        stages = self._record(params).stages.values()
        if any(stage.get("DeploymentId") == params["DeploymentId"] for stage in stages):
            raise BadRequestError("Active stages pointing to this deployment must be moved or deleted")
        record = copy.deepcopy(self._record(params))
        self._member(record, "Deployment", params)
        del record.deployments[params["DeploymentId"]], record.snapshots[params["DeploymentId"]]
        self._commit(record, context.region, deploys=False)
        return {}

    def _delete_route_settings(self, params: _Document, context: CallContext) -> _Document:
        record = copy.deepcopy(self._record(params))
        settings = self._member(record, "Stage", params).get("RouteSettings") or {}
        if settings.pop(params["RouteKey"], None) is None:
            raise NotFoundError("route settings", params["RouteKey"])
        self._commit(record, context.region, deploys=False)
        return {}

    def _delete_access_log_settings(self, params: _Document, context: CallContext) -> _Document:
        record = copy.deepcopy(self._record(params))
        self._member(record, "Stage", params).pop("AccessLogSettings", None)
        self._commit(record, context.region, deploys=False)
        return {}

    def _tagged(self, arn: str) -> tuple[ApiRecord, _Document]:
        """The record (a copy) and the document in it that arn:aws:apigateway:REGION::/apis/ID[/stages/NAME] names."""
        parts = unquote(arn).partition("::/apis/")[2].split("/")
        record = copy.deepcopy(self._record({"ApiId": parts[0]}))
        if len(parts) == 3 and parts[1] == "stages":
            return record, self._member(record, "Stage", {"StageName": parts[2]})
        if len(parts) > 1:
            raise NotFoundError("resource", arn)
        return record, record.api

    def _tag(self, params: _Document, context: CallContext) -> _Document:
        record, document = self._tagged(params["ResourceArn"])
        document["Tags"] = {**(document.get("Tags") or {}), **params.get("Tags", {})}
        self._commit(record, context.region, deploys=False)
        return {}

    def _untag(self, params: _Document, context: CallContext) -> _Document:
        record, document = self._tagged(params["ResourceArn"])
        kept = {name: value for name, value in (document.get("Tags") or {}).items() if name not in params["TagKeys"]}
        document["Tags"] = kept
        self._commit(record, context.region, deploys=False)
        return {}


def _key(kind: str) -> str:
    return "StageName" if kind == "Stage" else f"{kind}Id"


def _new_id(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _page(items: list[_Document], params: _Document) -> _Document:
    try:
        start, size = int(params.get("NextToken") or 0), int(params.get("MaxResults") or 100)
    except ValueError:
        raise BadRequestError("Invalid NextToken or MaxResults.") from None
    following = str(start + size) if start + size < len(items) else None
    return {"Items": items[start : start + size], "NextToken": following}
