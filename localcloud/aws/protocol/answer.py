"""Answers and errors as their protocol writes them."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson

from localcloud.aws.protocol.eventstream import CONTENT_TYPE as EVENT_STREAM
from localcloud.aws.protocol.eventstream import encode_events
from localcloud.aws.protocol.service import ServiceError
from localcloud.http import Response

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel, Shape


def answer(operation: OperationModel, result: dict[str, Any], content_type: str) -> Response:
    """The answer to a call. Raises TypeError on a member that the model does not have: a bug of the service.

    A member that is an event stream is an asynchronous iterator of (event's name, its members).
    """
    status = operation.http.get("responseCode", 200)
    headers = [("x-amzn-requestid", str(uuid4()))]
    shape = operation.output_shape
    if shape is None:
        return Response(status, headers, b"" if operation.metadata.get("protocol") == "rest-json" else b"{}")
    unknown = result.keys() - shape.members.keys()
    if unknown:
        raise TypeError(f"{operation.name} answered with {sorted(unknown)}, which its model does not have")
    if operation.has_event_stream_output:
        return _stream(shape, result, status, headers)
    payload = shape.serialization.get("payload")
    document: dict[str, Any] = {}
    body: bytes | None = None
    for name, value in result.items():
        if value is None:
            continue
        member = shape.members[name]
        location = member.serialization.get("location")
        key = member.serialization.get("name", name)
        if location == "statusCode":
            status = int(value)
        elif location == "header":
            headers.append((key.lower(), _text(member, value)))
        elif location == "headers":
            headers += [(f"{key}{suffix}".lower(), text) for suffix, text in value.items()]
        elif name == payload:
            body = value if member.type_name == "blob" else orjson.dumps(_json(member, value))
        else:
            document[key] = _json(member, value)
    if body is None:
        body = b"" if payload or status == 204 else orjson.dumps(document)
    if status != 204 and not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", content_type))
    return Response(status, headers, body)


def _stream(shape: Shape, result: dict[str, Any], status: int, headers: list[tuple[str, str]]) -> Response:
    """All members but the stream are headers."""
    chunks: AsyncIterator[bytes] | None = None
    for name, value in result.items():
        member = shape.members[name]
        if member.serialization.get("eventstream"):
            chunks = encode_events(member, value, _json)
        elif value is not None:
            headers.append((member.serialization["name"].lower(), _text(member, value)))
    return Response(status, [*headers, ("content-type", EVENT_STREAM)], b"", chunks)


def error_answer(model: ServiceModel, error: ServiceError, content_type: str) -> Response:
    """The answer to a call that failed."""
    shape: Shape | None = next(
        (found for found in model.error_shapes if error.code in (found.name, _code(found))), None
    )
    members = shape.members if shape is not None else {}
    trait = shape.metadata.get("error", {}) if shape is not None else {}
    status = error.status or trait.get("httpStatusCode") or 400
    named = next((name for name in members if name.lower() == "message"), "message")
    key = members[named].serialization.get("name", named) if named in members else named
    document: dict[str, Any] = {key: error.message}
    if "Type" in members:
        document["Type"] = "Service" if status >= 500 else "User"
    for name, value in error.fields.items():
        member = members.get(name)
        document[member.serialization.get("name", name) if member else name] = _json(member, value) if member else value
    headers = [("x-amzn-requestid", str(uuid4())), ("content-type", content_type)]
    if model.metadata["protocol"] == "json":
        document["__type"] = error.code
    else:
        headers.append(("x-amzn-errortype", error.code))
    return Response(status, headers, orjson.dumps(document))


def _code(shape: Shape) -> str:
    return str(shape.metadata.get("error", {}).get("code", shape.name))


def _json(shape: Shape, value: Any) -> Any:  # noqa: PLR0911 - one line a type
    kind = shape.type_name
    if isinstance(value, orjson.Fragment):
        return value  # JSON already
    if kind == "structure":
        if shape.is_document_type:
            return value
        unknown = value.keys() - shape.members.keys()
        if unknown:
            raise TypeError(f"{shape.name} has no members {sorted(unknown)}")
        found = ((shape.members[name], name, inner) for name, inner in value.items() if inner is not None)
        return {member.serialization.get("name", name): _json(member, inner) for member, name, inner in found}
    if kind == "list":
        return [_json(shape.member, item) for item in value]
    if kind == "map":
        return {key: _json(shape.value, item) for key, item in value.items()}
    if kind == "blob":
        return base64.b64encode(value).decode()
    if kind == "timestamp" and isinstance(value, datetime):
        if shape.serialization.get("timestampFormat") == "iso8601":
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return value.timestamp()
    return value


def _text(shape: Shape, value: Any) -> str:
    if shape.type_name == "boolean":
        return "true" if value else "false"
    if isinstance(value, datetime):
        return format_datetime(value.astimezone(UTC), usegmt=True)
    return value if isinstance(value, str) else str(value)
