"""The AWS port: who may enter, and which service is meant.

Signatures are not verified: only programs of this machine's user get here (guard.py), and there is nothing that a
forged signature would open to them. Whose key it is, is looked at: a function's may do what its role may (access/),
all others are the account's administrator. That a signature is there at all is asked for, as AWS does: a page in a
browser cannot add the header without a preflight, which is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import parse_qs
from uuid import uuid4

from localcloud.aws.access import Access
from localcloud.aws.access.emulated import admit, caller_identity, is_caller_identity, refusal
from localcloud.aws.apigatewayv2.dataplane import DataPlane
from localcloud.aws.engine import Engine
from localcloud.aws.protocol import CallContext, ServiceApi
from localcloud.guard import EXPLANATIONS, Guard, Reason
from localcloud.http import Request, Response, json_response

PREFIX = "/_aws/execute-api/"
HOST_SUFFIX = ".execute-api.localhost"

_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([a-z0-9-]+)/([A-Za-z0-9.-]+)/aws4_request")
_TARGETS = {"DynamoDB_20120810": "dynamodb", "Logs_20140328": "logs"}
# Both of Bedrock's APIs sign as "bedrock"; their paths have nothing in common (botocore's models).
_BEDROCK_RUNTIME = ("/model/", "/guardrail/", "/guardrail-checks", "/async-invoke")
_QUERY_SCOPE = re.compile(r"X-Amz-Credential=([^&%]+)%2F\d{8}%2F([a-z0-9-]+)%2F([A-Za-z0-9.-]+)%2Faws4_request")


class Api(Protocol):
    """A service behind the front door."""

    async def handle(self, request: Request, context: CallContext) -> Response: ...


class FrontDoor:
    """Routes each request to the data plane, to a service of ours, or to the emulator."""

    def __init__(
        self,
        *,
        guard: Guard,
        data_plane: DataPlane,
        apis: Mapping[str, ServiceApi],
        engine: Engine,
        access: Access,
        account: str,
    ) -> None:
        self._guard = guard
        self._data_plane = data_plane
        self._apis = apis
        self._engine = engine
        self._access = access
        self._account = account
        self._endpoint = f"http://127.0.0.1:{guard.port}"

    async def handle(self, request: Request) -> Response:
        """Answers one request."""
        host = request.header("host")
        if request.path.startswith(PREFIX):
            if not self._guard.knows_host(host):
                return _refused("ForeignHost")
            api, slash, path = request.path[len(PREFIX) :].partition("/")
            return await self._data_plane.handle(request, api, slash + path or "/", PREFIX + api)
        if host is not None and HOST_SUFFIX in host.lower() and self._guard.knows_host(host):
            return await self._data_plane.handle(request, host.partition(".")[0].lower(), request.path, "")
        reason = self._guard.refusal(request)
        if reason is not None:
            return _refused(reason)
        return await self._control(request)

    async def _control(self, request: Request) -> Response:
        authorization = request.header("authorization") or ""
        found = _SCOPE.search(authorization) or _QUERY_SCOPE.search(request.query)
        if found is None:
            return _error(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        key, region, service = found[1], found[2], found[3].lower()
        session = self._access.sessions.find(key)
        if session is not None and not self._access.sessions.proves(key, _token(request)):
            text = "The security token included in the request is invalid."
            return refusal(request, "UnrecognizedClientException", text)
        context = CallContext(region, self._account, self._endpoint, session)
        if service == "apigateway" and request.path.startswith("/v2/"):
            service = "apigatewayv2"
        if service == "bedrock" and request.path.startswith(_BEDROCK_RUNTIME):
            service = "bedrock-runtime"
        target = (request.header("x-amz-target") or "").rpartition(".")[0]
        api = self._apis.get(_TARGETS.get(target, service))
        if api is None:
            await self._engine.ready()
            if session is not None and is_caller_identity(service, request):
                return caller_identity(session, self._access.role_id(session))
            refused = await admit(self._access, service, request, context)
            return refused or await self._engine.handle(request)
        if service == "lambda":
            await self._engine.ready()  # CreateFunction asks for its role
        return await api.handle(request, context)


def _token(request: Request) -> str | None:
    found = request.header("x-amz-security-token")
    if found is not None or "X-Amz-Security-Token=" not in request.query:
        return found
    return parse_qs(request.query).get("X-Amz-Security-Token", [""])[0]


def _refused(reason: Reason) -> Response:
    return _error(403, reason, EXPLANATIONS[reason])


def _error(status: int, code: str, message: str) -> Response:
    response = json_response(status, {"__type": code, "message": message})
    response.headers += [("x-amzn-errortype", code), ("x-amzn-requestid", str(uuid4()))]
    return response
