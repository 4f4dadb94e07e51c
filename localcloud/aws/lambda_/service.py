"""AWS Lambda: which operation does what."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import orjson

from localcloud.aws.lambda_.aliases import Aliases
from localcloud.aws.lambda_.arns import Reference, parse
from localcloud.aws.lambda_.errors import invalid, missing, throttled
from localcloud.aws.lambda_.execution import Execution, Refused
from localcloud.aws.lambda_.functions import Functions
from localcloud.aws.lambda_.packages import Packages
from localcloud.aws.lambda_.policies import Policies
from localcloud.aws.lambda_.store import Store
from localcloud.aws.ports import Identity, InvokeResult, LogSink, Rights
from localcloud.aws.protocol.service import CallContext, ServiceError, unsupported

_REQUEST_LIMIT = 6 * 1024 * 1024  # bytes
Operation = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class LambdaService:
    """Implements Service and FunctionInvoker."""

    name = "lambda"

    def __init__(  # noqa: PLR0917 - parts, once
        self,
        data: Path,
        logs: LogSink,
        identity: Identity,
        rights: Rights,
        endpoint: str,
        region: str,
        account: str,
        runtimes: Path | None,
        max_environments: int,
        idle_seconds: float = 300.0,
    ) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._account = account
        self._store = Store(data / "lambda.sqlite3")
        packages = Packages(data)
        self._execution = Execution(
            data, self._store, packages, logs, rights, endpoint, region, runtimes, max_environments, idle_seconds
        )
        self._functions = Functions(self._store, packages, identity, self._execution, region, account)
        self._aliases = Aliases(self._store)
        self._policies = Policies(self._store)

    async def start(self) -> None:
        """Goes on with what the last run left half done."""
        self._functions.resume()

    async def close(self) -> None:
        """Ends all environments."""
        await self._functions.close()
        self._execution.close()
        self._store.close()

    def status(self) -> list[dict[str, Any]]:
        """One entry a function."""
        return self._execution.status()

    async def invoke(self, function_arn: str, payload: bytes, *, trace_id: str | None = None) -> InvokeResult:
        """Runs a function for another service."""
        try:
            reference = parse(function_arn)
            version, answer = await self._execution.invoke(reference, payload, function_arn, trace_id)
        except ServiceError as failed:
            outcome = "throttled" if failed.code == "TooManyRequestsException" else "missing"
            return InvokeResult(b"", cast("Any", outcome), "", failed.code)
        except Refused:
            return InvokeResult(b"", "throttled", "", "TooManyRequestsException")
        tail = b"" if answer.outcome == "success" else _tail(answer.log)
        return InvokeResult(answer.payload, answer.outcome, version, answer.error_type, tail)

    def permits(self, function_arn: str, principal: str, source_arn: str) -> bool:
        """Whether the resource policy of that function, version or alias lets a service in."""
        try:
            reference = parse(function_arn)
        except ServiceError:
            return False
        return self._policies.permits(reference.name, reference.qualifier or "", principal, source_arn, self._account)

    async def call(self, operation: str, params: dict[str, Any], context: CallContext) -> dict[str, Any]:
        """Runs an operation."""
        found = getattr(self, f"_{operation}", None) if operation[:1].isupper() else None
        if found is None:
            known = [name[1:] for name in dir(self) if name[:1] == "_" and name[1:2].isupper()]
            raise unsupported("lambda", operation, known)
        return await cast("Operation", found)(params)

    # Functions

    async def _CreateFunction(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return await self._functions.create(params)

    async def _GetFunction(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._functions.get(self._reference(params))

    async def _GetFunctionConfiguration(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._functions.configuration(self._reference(params))

    async def _UpdateFunctionCode(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return await self._functions.update_code(params)

    async def _UpdateFunctionConfiguration(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return await self._functions.update_configuration(params)

    async def _DeleteFunction(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._functions.delete(self._reference(params))
        return {}

    async def _ListFunctions(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return _page("Functions", self._functions.list(every=params.get("FunctionVersion") == "ALL"), params)

    async def _PublishVersion(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._functions.publish(params)

    async def _ListVersionsByFunction(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return _page("Versions", self._functions.versions(parse(params["FunctionName"]).name), params)

    async def _PutFunctionConcurrency(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        reserved = params["ReservedConcurrentExecutions"]
        self._functions.reserve(parse(params["FunctionName"]).name, reserved)
        return {"ReservedConcurrentExecutions": reserved}

    async def _GetFunctionConcurrency(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return dict(self._functions.get(parse(params["FunctionName"])).get("Concurrency", {}))

    async def _DeleteFunctionConcurrency(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._functions.reserve(parse(params["FunctionName"]).name, None)
        return {}

    async def _TagResource(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._functions.tag(parse(params["Resource"]).name, params["Tags"], ())
        return {}

    async def _UntagResource(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._functions.tag(parse(params["Resource"]).name, {}, params["TagKeys"])
        return {}

    async def _ListTags(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"Tags": self._functions.document(parse(params["Resource"]).name).get("Tags", {})}

    async def _GetFunctionCodeSigningConfig(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = parse(params["FunctionName"]).name
        self._functions.document(name)
        return {"FunctionName": name, "CodeSigningConfigArn": ""}

    async def _GetRuntimeManagementConfig(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"UpdateRuntimeOn": "Auto", "FunctionArn": self._arn(parse(params["FunctionName"]).name)}

    async def _GetAccountSettings(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._functions.account_settings()

    # Aliases and permissions

    async def _CreateAlias(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = parse(params["FunctionName"]).name
        document = self._aliases.create(name, self._arn(name), params)
        self._execution.forget(name)
        return document

    async def _GetAlias(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = parse(params["FunctionName"]).name
        return self._aliases.get(name, params["Name"], self._arn(name))

    async def _UpdateAlias(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = parse(params["FunctionName"]).name
        arn = self._arn(name)
        self._aliases.get(name, params["Name"], arn)
        if params.get("FunctionVersion"):
            await self._execution.warm(name, params["FunctionVersion"])  # the old version serves until this one can
        document = self._aliases.update(name, arn, params)
        self._execution.forget(name)
        return document

    async def _DeleteAlias(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = parse(params["FunctionName"]).name
        self._aliases.delete(name, params["Name"])
        self._execution.forget(name)
        return {}

    async def _ListAliases(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = parse(params["FunctionName"]).name
        self._arn(name)
        return _page("Aliases", self._aliases.list(name, params.get("FunctionVersion")), params)

    async def _AddPermission(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name, qualifier, arn = self._policy_of(params)
        return {"Statement": self._policies.add(name, qualifier, arn, params)}

    async def _GetPolicy(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name, qualifier, _ = self._policy_of(params)
        return self._policies.get(name, qualifier)

    async def _RemovePermission(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name, qualifier, _ = self._policy_of(params)
        self._policies.remove(name, qualifier, params)
        return {}

    # Invocation

    async def _Invoke(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        reference = self._reference(params)
        kind = params.get("InvocationType", "RequestResponse")
        payload = params.get("Payload") or b"{}"
        if len(payload) > _REQUEST_LIMIT:
            text = f"{len(payload)} byte payload is too large for {kind} (limit {_REQUEST_LIMIT} bytes)"
            raise ServiceError("RequestTooLargeException", text, 413)
        context = _invocation_context(payload, params.get("ClientContext"))
        if kind == "DryRun":
            self._functions.configuration(reference)
            return {"StatusCode": 204}
        if kind == "Event":
            raise invalid("The local Lambda does not implement asynchronous invocation. Use RequestResponse or DryRun.")
        arn = self._arn(reference.name) + (f":{reference.qualifier}" if reference.qualifier else "")
        try:
            version, answer = await self._execution.invoke(reference, payload, arn, None, context)
        except Refused:
            raise throttled() from None
        if answer.outcome == "throttled":
            raise throttled()
        result: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": version, "Payload": answer.payload}
        if answer.outcome != "success":
            result["FunctionError"] = "Unhandled"
        if params.get("LogType") == "Tail":
            result["LogResult"] = base64.b64encode(_tail(answer.log)).decode()
        return result

    def _reference(self, params: dict[str, Any]) -> Reference:
        return parse(params["FunctionName"], params.get("Qualifier"))

    def _arn(self, name: str) -> str:
        return str(self._functions.document(name)["FunctionArn"])

    def _policy_of(self, params: dict[str, Any]) -> tuple[str, str, str]:
        reference = self._reference(params)
        arn, qualifier = self._arn(reference.name), reference.qualifier or ""
        if qualifier == "$LATEST":
            raise invalid("We currently do not support adding policies for $LATEST.")
        if qualifier and not any(self._store.get(kind, reference.name, qualifier) for kind in ("alias", "version")):
            raise missing(f"Function not found: {arn}:{qualifier}")
        return reference.name, qualifier, f"{arn}:{qualifier}" if qualifier else arn


def _invocation_context(payload: bytes, client_context: str | None) -> str | None:
    """The client's context, decoded. Refuses what is not JSON (Invoke, InvalidRequestContentException)."""
    try:
        orjson.loads(payload)
        if not client_context:
            return None
        context = base64.b64decode(client_context, validate=True).decode()
        orjson.loads(context)
    except ValueError as error:
        text = f"Could not parse request body into json: {error}"
        raise ServiceError("InvalidRequestContentException", text, 400) from None
    return context


def _tail(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()[-4096:]


def _page(member: str, items: list[dict[str, Any]], params: dict[str, Any]) -> dict[str, Any]:
    """Markers are offsets."""
    marker = params.get("Marker") or "0"
    if not (marker.isascii() and marker.isdigit() and len(marker) < 10):
        raise invalid("Invalid value for parameter: Marker")
    start, size = int(marker), min(params.get("MaxItems") or 50, 50)
    page: dict[str, Any] = {member: items[start : start + size]}
    if start + size < len(items):
        page["NextMarker"] = str(start + size)
    return page
