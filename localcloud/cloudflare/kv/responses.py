"""Requests for Workers KV, answered. Shapes: the official `cloudflare` package 5.9.0, `types/kv`."""

import base64
import json
from typing import Any

from localcloud.cloudflare import multipart
from localcloud.cloudflare.envelope import page, success
from localcloud.cloudflare.exceptions import MalformedJsonError
from localcloud.cloudflare.kv.exceptions import InvalidRequestError
from localcloud.cloudflare.kv.models import Entry, Found, Namespace, Namespaces
from localcloud.cloudflare.router import Call
from localcloud.http import Response

# developers.cloudflare.com/api/resources/kv/subresources/namespaces: most keys of one bulk request.
_MOST_WRITTEN = 10_000
_MOST_READ = 100


class KvResponses:
    """One method a URL; `urls` has the list."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._namespaces = namespaces

    async def list_namespaces(self, call: Call) -> Response:
        found = self._namespaces.all(call.query.get("order", "id"), call.query.get("direction", "asc"))
        return page([_shown(namespace) for namespace in found], call.query)

    async def create_namespace(self, call: Call) -> Response:
        body = call.json_object()
        return success(_shown(await self._namespaces.create(body.get("title"), body.get("jurisdiction"))))

    async def get_namespace(self, call: Call) -> Response:
        return success(_shown(self._namespaces.get(_namespace(call))))

    async def rename_namespace(self, call: Call) -> Response:
        return success(_shown(self._namespaces.rename(_namespace(call), call.json_object().get("title"))))

    async def delete_namespace(self, call: Call) -> Response:
        await self._namespaces.delete(_namespace(call))
        return success(None)

    async def list_keys(self, call: Call) -> Response:
        limit = call.query.get("limit", "")
        if limit and not limit.lstrip("-").isdigit():
            raise InvalidRequestError("limit must be a number")
        found = await self._namespaces.list_keys(
            _namespace(call), call.query.get("prefix", ""), int(limit) if limit else None, call.query.get("cursor", "")
        )
        keys = [
            {"name": key["name"]}
            | ({} if key["expiration"] is None else {"expiration": key["expiration"]})
            | ({} if key["metadata"] is None else {"metadata": json.loads(key["metadata"])})
            for key in found["keys"]
        ]
        answer = success(keys)
        body = json.loads(answer.body) | {"result_info": {"count": len(keys), "cursor": found["cursor"] or ""}}
        return Response(answer.status, answer.headers, json.dumps(body).encode())

    async def get_value(self, call: Call) -> Response:
        """The bytes as they are, without an envelope."""
        found = await self._namespaces.read(_namespace(call), call.parameters["key"])
        headers = [("content-type", "application/octet-stream")]
        if found.expiration is not None:
            headers.append(("expiration", str(found.expiration)))
        return Response(200, headers, found.value)

    async def put_value(self, call: Call) -> Response:
        """The body is the value; or a form of `value` and `metadata`."""
        value, metadata = _value(call)
        entry = Entry(
            call.parameters["key"],
            value,
            metadata,
            _seconds("expiration", call.query.get("expiration")),
            _seconds("expiration_ttl", call.query.get("expiration_ttl")),
        )
        await self._namespaces.write(_namespace(call), [entry])
        return success({})

    async def delete_value(self, call: Call) -> Response:
        await self._namespaces.remove(_namespace(call), [call.parameters["key"]])
        return success({})

    async def get_metadata(self, call: Call) -> Response:
        found = await self._namespaces.read(_namespace(call), call.parameters["key"], "get metadata")
        return success(_metadata(found))

    async def put_bulk(self, call: Call) -> Response:
        entries = [_entry(item, number) for number, item in enumerate(_list(call.json(), _MOST_WRITTEN))]
        await self._namespaces.write(_namespace(call), entries, "put bulk")
        return success({"successful_key_count": len(entries), "unsuccessful_keys": []})

    async def delete_bulk(self, call: Call) -> Response:
        keys = _keys(call.json(), _MOST_WRITTEN)
        await self._namespaces.remove(_namespace(call), keys, "delete bulk")
        return success({"successful_key_count": len(keys), "unsuccessful_keys": []})

    async def get_bulk(self, call: Call) -> Response:
        body = call.json_object()
        keys, kind = _keys(body.get("keys"), _MOST_READ), body.get("type", "text")
        if kind not in {"text", "json"}:
            raise InvalidRequestError('type must be "text" or "json"')
        found = await self._namespaces.read_all(_namespace(call), keys)
        values = {
            key: None if entry is None else _read(entry, kind, whole=bool(body.get("withMetadata")))
            for key, entry in zip(keys, found, strict=True)
        }
        return success({"values": values})


def _namespace(call: Call) -> str:
    return call.parameters["namespace"]


def _shown(namespace: Namespace) -> dict[str, Any]:
    shown = {"id": namespace.id, "title": namespace.title, "supports_url_encoding": True}
    return shown | ({"jurisdiction": namespace.jurisdiction} if namespace.jurisdiction else {})


def _metadata(found: Found) -> Any:
    return None if found.metadata is None else json.loads(found.metadata)


def _read(found: Found, kind: str, *, whole: bool) -> Any:
    text = found.value.decode(errors="replace")
    try:
        value = json.loads(text) if kind == "json" else text
    except ValueError:
        raise InvalidRequestError("at least one of the requested keys has a value that is no JSON") from None
    if not whole:
        return value
    return {"value": value, "metadata": _metadata(found)} | (
        {} if found.expiration is None else {"expiration": found.expiration}
    )


def _value(call: Call) -> tuple[bytes, str | None]:
    content_type = call.request.header("content-type") or ""
    if not content_type.lower().startswith("multipart/form-data"):
        return call.request.body, None
    try:
        parts = {part.name: part.content for part in multipart.parse(call.request.body, content_type)}
    except multipart.MultipartError as error:
        raise InvalidRequestError(f"could not read the form: {error}") from error
    if "value" not in parts:
        raise InvalidRequestError("the form must have a part `value`")
    metadata = parts.get("metadata")
    return parts["value"], None if metadata is None else _json_text(metadata)


def _json_text(content: bytes) -> str | None:
    try:
        value = json.loads(content)
    except ValueError:
        raise InvalidRequestError("metadata must be JSON") from None
    return None if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _seconds(name: str, value: object) -> int | None:
    """A number, or a text of one as in a query."""
    if value is None or isinstance(value, bool):
        return None
    try:
        return int(float(str(value)))
    except (OverflowError, ValueError):
        raise InvalidRequestError(f"{name} must be a number of seconds") from None


def _list(value: object, most: int) -> list[Any]:
    if not isinstance(value, list):
        raise MalformedJsonError("the body must be a list")
    if len(value) > most:
        raise InvalidRequestError(f"at most {most} keys at a time, and these are {len(value)}")
    return value


def _keys(value: object, most: int) -> list[str]:
    keys = _list(value, most)
    if not all(isinstance(key, str) for key in keys):
        raise InvalidRequestError("keys must be strings")
    return keys


def _entry(item: object, number: int) -> Entry:
    if not isinstance(item, dict) or not isinstance(item.get("key"), str) or not isinstance(item.get("value"), str):
        raise InvalidRequestError(f"entry {number} must have a key and a value, both strings")
    text = item["value"]
    try:
        value = base64.b64decode(text, validate=True) if item.get("base64") else text.encode(errors="replace")
    except ValueError:
        raise InvalidRequestError(f"the value of entry {number} is no base64") from None
    metadata = item.get("metadata")
    return Entry(
        item["key"],
        value,
        None if metadata is None else json.dumps(metadata, separators=(",", ":"), ensure_ascii=False),
        _seconds("expiration", item.get("expiration")),
        _seconds("expiration_ttl", item.get("expiration_ttl")),
    )
