"""Roles at the services that are not ours: what a raw request asks for, and how it is refused.

The three wire forms are AWS's JSON (X-Amz-Target), query (Action in a form) and REST; of REST nothing is known here, so
nothing is allowed.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4
from xml.sax.saxutils import escape

import orjson

from localcloud.aws.access.access import Access
from localcloud.aws.ports import RoleSession
from localcloud.aws.protocol import CallContext, ServiceError
from localcloud.http import Request, Response, json_response

_STS = "https://sts.amazonaws.com/doc/2011-06-15/"


async def admit(access: Access, service: str, request: Request, context: CallContext) -> Response | None:
    """The answer to a role's call if it is decided here, or None where the emulator may have it."""
    session = context.session
    if session is None:
        return None
    operation, params = _meaning(request)
    try:
        await access.check(service, operation, params, context)
    except ServiceError as error:
        return refusal(request, error.code, error.message)
    return None


def is_caller_identity(service: str, request: Request) -> bool:
    """Whether it is STS GetCallerIdentity, which takes no right."""
    return service == "sts" and _meaning(request)[0] == "GetCallerIdentity"


def caller_identity(session: RoleSession, role_id: str) -> Response:
    """STS GetCallerIdentity's answer."""
    account = session.role_arn.split(":")[4]
    body = (
        f'<GetCallerIdentityResponse xmlns="{_STS}"><GetCallerIdentityResult><Arn>{escape(session.arn)}</Arn>'
        f"<UserId>{escape(role_id)}:{escape(session.name)}</UserId><Account>{account}</Account>"
        f"</GetCallerIdentityResult><ResponseMetadata><RequestId>{uuid4()}</RequestId></ResponseMetadata>"
        "</GetCallerIdentityResponse>"
    )
    return Response(200, [("content-type", "text/xml")], body.encode())


def refusal(request: Request, code: str, message: str) -> Response:
    """An error in the request's own protocol."""
    identifier = str(uuid4())
    if request.header("x-amz-target") is not None:
        response = json_response(400, {"__type": code, "message": message})
        response.headers += [("x-amzn-requestid", identifier), ("x-amzn-errortype", code)]
        return response
    if _is_form(request):
        name = {"AccessDeniedException": "AccessDenied", "UnrecognizedClientException": "InvalidClientTokenId"}
        body = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{escape(name.get(code, code))}</Code>"
            f"<Message>{escape(message)}</Message></Error><RequestId>{identifier}</RequestId></ErrorResponse>"
        )
        return Response(403, [("content-type", "text/xml"), ("x-amzn-requestid", identifier)], body.encode())
    response = json_response(403, {"__type": code, "message": message})
    response.headers += [("x-amzn-requestid", identifier), ("x-amzn-errortype", code)]
    return response


def _is_form(request: Request) -> bool:
    return (request.header("content-type") or "").startswith("application/x-www-form-urlencoded")


def _meaning(request: Request) -> tuple[str, dict[str, Any]]:
    target = request.header("x-amz-target")
    if target is not None:
        try:
            found = orjson.loads(request.body or b"{}")
        except orjson.JSONDecodeError:
            found = {}
        return target.rpartition(".")[2], found if isinstance(found, dict) else {}
    if _is_form(request):
        form = dict(parse_qsl(request.body.decode("latin-1")))
        return form.get("Action", ""), dict(form)
    return f"{request.method} {request.path}", {}
