"""The data plane: request in, function's event out, and back.

Answers of its own are API Gateway's: 404 Not Found, 413 Request Entity Too Large, 429 Too Many Requests, 500 Internal
Server Error for whatever goes wrong with the function, 503 Service Unavailable when the function takes longer than its
integration waits (at most 30 s) or is itself throttled. The function's error text never leaves.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import random
import time
from dataclasses import dataclass

from localcloud.aws.apigatewayv2.access_log import Access, AccessLog
from localcloud.aws.apigatewayv2.cors import Cors
from localcloud.aws.apigatewayv2.models import ApiRecord, Target
from localcloud.aws.apigatewayv2.payload import MalformedAnswerError, StageContext, event, response
from localcloud.aws.apigatewayv2.routing import Router
from localcloud.aws.apigatewayv2.targets import targets
from localcloud.aws.apigatewayv2.throttling import Throttle
from localcloud.aws.ports import FunctionInvoker, LogSink
from localcloud.http import Request, Response, json_response

_log = logging.getLogger(__name__)
MAX_BODY = 10 * 1024 * 1024
MAX_EVENT = 6 * 1024 * 1024
_PRINCIPAL = "apigateway.amazonaws.com"
_PERMIT_SECONDS = 1.0
_FLUSH_SECONDS = 0.1
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MESSAGES = {
    404: "Not Found",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass(slots=True)
class _Stage:
    context: StageContext
    router: Router
    cors: Cors | None
    throttle: Throttle
    log: AccessLog | None
    arn: str  # arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/


class DataPlane:
    """Serves what the control plane deploys."""

    def __init__(self, invoker: FunctionInvoker, logs: LogSink) -> None:
        self._invoker = invoker
        self._logs = logs
        self._apis: dict[str, dict[str, _Stage]] = {}
        self._permits: dict[tuple[str, str], float] = {}
        self._second = 0
        self._time = ""
        self._flusher: asyncio.TimerHandle | None = None

    def deploy(self, record: ApiRecord, region: str, account: str) -> None:
        """Serves this state of an API from the next request on; requests in flight end with the one they began with."""
        api = record.api["ApiId"]
        self.flush()
        if record.api.get("DisableExecuteApiEndpoint"):
            self._apis[api] = {}
            return
        stages = {}
        for name, stage in record.stages.items():
            snapshot = record.snapshots.get(stage.get("DeploymentId", ""))
            if snapshot is None:
                continue
            settings = stage.get("AccessLogSettings") or {}
            group = settings.get("DestinationArn", "").partition(":log-group:")[2].removesuffix(":*")
            stream = base64.b16encode(f"{api}/{name}".encode()).decode().lower()
            stages[name] = _Stage(
                StageContext(account, api, name, stage.get("StageVariables") or None),
                Router(targets(snapshot, stage.get("StageVariables") or {})),
                Cors.of(snapshot["cors"]),
                Throttle(stage, time.monotonic),
                AccessLog(self._logs, group, stream, settings["Format"]) if group and settings.get("Format") else None,
                f"arn:aws:execute-api:{region}:{account}:{api}/{name}/",
            )
        self._apis[api] = stages

    def remove(self, api: str) -> None:
        """Serves the API no more."""
        self.flush()
        self._apis.pop(api, None)

    def flush(self) -> None:
        """Writes the access logs out."""
        self._flusher = None
        for stages in self._apis.values():
            for stage in stages.values():
                if stage.log is not None:
                    stage.log.flush()

    async def handle(self, request: Request, api: str, path: str, prefix: str) -> Response:
        """Answers a request to an API at `path`; `prefix` is what the front door took off, for redirects."""
        started = time.time()
        request_id = base64.b64encode(random.getrandbits(88).to_bytes(11, "big")).decode()
        stages = self._apis.get(api, {})
        stage = stages.get("$default")
        inner = path
        if len(stages) != (stage is not None):
            name, _, rest = path[1:].partition("/")
            named = stages.get(name) if name != "$default" else None
            if named is not None:
                stage, inner = named, "/" + rest
        if stage is None:
            return _refusal(404, request_id)
        cors = stage.cors
        if cors is not None and request.method == "OPTIONS":
            preflight = cors.preflight(request)
            if preflight is not None:
                preflight.headers.append(("apigw-requestid", request_id))
                return preflight
        access = None
        if stage.log is not None:
            access = self._access(stage, request, path, request_id, started)
        answer = await self._route(stage, request, path, inner, request_id, started, access)
        if cors is not None:
            cors.apply(request, answer)
        if prefix:
            _restore_prefix(answer, request, prefix)
        answer.headers.append(("apigw-requestid", request_id))
        if access is not None and stage.log is not None:
            access.status = answer.status
            access.length = len(answer.body)
            access.processed = len(request.body) + len(answer.body)
            access.latency = int((time.time() - started) * 1000)
            stage.log.add(access)
            if self._flusher is None:
                self._flusher = asyncio.get_running_loop().call_later(_FLUSH_SECONDS, self.flush)
        return answer

    async def _route(  # noqa: PLR0917 - the hot path
        self,
        stage: _Stage,
        request: Request,
        path: str,
        inner: str,
        request_id: str,
        started: float,
        access: Access | None,
    ) -> Response:
        found = stage.router.match(request.method, inner)
        if found is None:
            return _refusal(404)
        target, parameters = found
        if access is not None:
            access.route_key = target.route_key
        if not stage.throttle.admits(target.route_key):
            return _refusal(429)
        if len(request.body) > MAX_BODY:
            return _refusal(413)
        source = stage.arn + target.source_path.replace("{method}", request.method)
        if not self._permitted(target, source):
            return _failed(access, "The IAM role configured on the integration or API Gateway doesn't have permissions")
        trace = _trace_id(request, started)
        payload = event(
            request,
            stage.context,
            route_key=target.route_key,
            path=path,
            parameters=parameters,
            request_id=request_id,
            trace_id=trace,
            time=self._clf(started),
            epoch_ms=int(started * 1000),
        )
        if len(payload) > MAX_EVENT:
            return _refusal(413)
        return await self._invoke(target, payload, trace, access)

    async def _invoke(self, target: Target, payload: bytes, trace: str, access: Access | None) -> Response:
        begun = time.monotonic()
        try:
            async with asyncio.timeout(target.timeout_seconds):
                result = await self._invoker.invoke(target.function_arn, payload, trace_id=trace)
        except TimeoutError:
            return _failed(access, "Endpoint request timed out", 503)
        finally:
            if access is not None:
                access.integration_latency = int((time.monotonic() - begun) * 1000)
        if access is not None:
            access.integration_status = {"throttled": 429, "missing": 404}.get(result.outcome, 200)
        if result.outcome == "throttled":
            return _failed(access, "Rate Exceeded.", 503)
        if result.outcome != "success":
            return _failed(access, "The Lambda function returned an error")
        try:
            return response(result.payload)
        except MalformedAnswerError as error:
            return _failed(access, f"The response from the Lambda function doesn't match the format: {error}")

    def _permitted(self, target: Target, source: str) -> bool:
        """Asks the function's policy; a yes holds for a second, as policies spread with a delay on AWS too."""
        now = time.monotonic()
        key = target.function_arn, source
        if self._permits.get(key, 0.0) > now:
            return True
        if not self._invoker.permits(target.function_arn, _PRINCIPAL, source):
            return False
        if len(self._permits) > 4096:
            self._permits.clear()
        self._permits[key] = now + _PERMIT_SECONDS
        return True

    def _access(self, stage: _Stage, request: Request, path: str, request_id: str, started: float) -> Access:
        context = stage.context
        return Access(
            request_id,
            request.method,
            path,
            "",
            request.header("host") or "",
            request.client,
            request.header("user-agent") or "",
            context.stage,
            context.account,
            context.api,
            self._clf(started),
            int(started * 1000),
        )

    def _clf(self, now: float) -> str:
        second = int(now)
        if second != self._second:
            found = time.gmtime(second)
            self._time = time.strftime(f"%d/{_MONTHS[found.tm_mon - 1]}/%Y:%H:%M:%S +0000", found)
            self._second = second
        return self._time


def _refusal(status: int, request_id: str | None = None) -> Response:
    answer = json_response(status, {"message": _MESSAGES[status]})
    if request_id is not None:
        answer.headers.append(("apigw-requestid", request_id))
    return answer


def _failed(access: Access | None, why: str, status: int = 500) -> Response:
    if access is not None:
        access.error = why
        access.response_type = "INTEGRATION_TIMEOUT" if status == 503 else "INTEGRATION_FAILURE"
    else:
        _log.info("an integration failed: %s", why)
    return _refusal(status)


def _trace_id(request: Request, now: float) -> str:
    sent = request.header("x-amzn-trace-id")
    if sent is not None and sent.startswith("Root="):
        return sent
    return f"Root=1-{int(now):08x}-{random.getrandbits(96):024x}"


def _restore_prefix(answer: Response, request: Request, prefix: str) -> None:
    """A redirect to the own origin must come back below the local path."""
    for number, (name, value) in enumerate(answer.headers):
        if name == "location":
            own = f"http://{request.header('host')}/"
            if value.startswith("/") and not value.startswith("//"):
                answer.headers[number] = (name, prefix + value)
            elif value.startswith(own) and not value.startswith(own + prefix[1:] + "/"):
                answer.headers[number] = (name, own + prefix[1:] + "/" + value[len(own) :])
