"""A request's parameters, by the model's names and types."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson
from botocore.utils import parse_timestamp

from localcloud.aws.protocol.service import ServiceError
from localcloud.http import Request

if TYPE_CHECKING:
    from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape


def parse(operation: OperationModel, labels: dict[str, str], request: Request) -> dict[str, Any]:
    """Parameters from path, query, headers and body. Raises ServiceError(SerializationException) on a wrong type."""
    shape = operation.input_shape
    if shape is None:
        return {}
    params: dict[str, Any] = {}
    query = parse_qs(request.query, keep_blank_values=True)
    payload = shape.serialization.get("payload")
    in_body: dict[str, Shape] = {}
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        key = member.serialization.get("name", name)
        value: Any = None
        if location == "uri":
            value = _from_text(member, labels.get(key))
        elif location == "querystring":
            value = _from_query(member, query, key)
        elif location == "header":
            value = _from_text(member, request.header(key.lower()))
        elif location == "headers":
            prefix = key.lower()
            value = {found[len(prefix) :]: text for found, text in request.headers if found.startswith(prefix)}
        elif name == payload and member.type_name == "blob":
            value = request.body
        else:
            in_body[name] = member
        if value is not None:
            params[name] = value
    if in_body and request.body:
        document = _load(request.body)
        for name, member in in_body.items():
            value = document if name == payload else document.get(member.serialization.get("name", name))
            if value is not None:
                params[name] = _from_json(member, value, name)
    return params


def _load(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ServiceError("SerializationException", "The request body is not valid JSON.", 400) from None
    if not isinstance(document, dict):
        raise ServiceError("SerializationException", "The request body is not a JSON object.", 400)
    return document


def _from_query(member: Shape, query: dict[str, list[str]], key: str) -> Any:
    if member.type_name == "list":
        values = query.get(key)
        return None if values is None else [_from_text(member.member, value) for value in values]
    if member.type_name == "map":
        return {name: values[-1] for name, values in query.items()}
    return _from_text(member, query[key][-1]) if key in query else None


def _from_text(member: Shape, text: str | None) -> Any:
    if text is None:
        return None
    kind = member.type_name
    try:
        if kind in ("integer", "long"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
        if kind == "timestamp":
            return parse_timestamp(text)
        if kind == "list":
            return [part.strip() for part in text.split(",")]
    except ValueError:
        raise _wrong(kind, member.serialization.get("name", "?")) from None
    return text.lower() == "true" if kind == "boolean" else text


def _from_json(shape: Shape, value: Any, where: str) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, value, where)
    if kind == "list":
        return _list(shape, value, where)
    if kind == "map":
        return _map(shape, value, where)
    return _scalar(kind, value, where)


def _structure(shape: StructureShape, value: Any, where: str) -> Any:
    if shape.is_document_type:
        return value
    if not isinstance(value, dict):
        raise _wrong("structure", where)
    found = {}
    for name, member in shape.members.items():
        inner = value.get(member.serialization.get("name", name))
        if inner is not None:
            found[name] = _from_json(member, inner, f"{where}.{name}")
    return found


def _list(shape: ListShape, value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong("list", where)
    return [_from_json(shape.member, item, f"{where}.{number}") for number, item in enumerate(value, 1)]


def _map(shape: MapShape, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong("map", where)
    return {key: _from_json(shape.value, item, f"{where}.{key}") for key, item in value.items()}


def _scalar(kind: str, value: Any, where: str) -> Any:
    if kind in ("string", "character") and isinstance(value, str):
        return value
    if kind == "boolean" and isinstance(value, bool):
        return value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind in ("integer", "long") and number and value == int(value):
        return int(value)
    if kind in ("float", "double") and number:
        return float(value)
    try:
        if kind == "blob" and isinstance(value, str):
            return base64.b64decode(value, validate=True)
        if kind == "timestamp":
            return datetime.fromtimestamp(value, UTC) if number else parse_timestamp(value)
    except (ValueError, OverflowError, binascii.Error):
        pass
    raise _wrong(kind, where)


def _wrong(kind: str, where: str) -> ServiceError:
    return ServiceError("SerializationException", f"The value at '{where}' is not a {kind}.", 400)
