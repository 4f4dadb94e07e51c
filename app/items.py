"""Items: JSON values under keys, with optimistic concurrency and an optional time to live.

A value is kept and given back in the very bytes in which it came, which is what allows the answer to a PUT to carry its
entity tag (RFC 9110, section 9.3.4).
"""

import math
import time

from starlette.requests import Request
from starlette.responses import Response

from app.body import read_body
from app.errors import ItemNotFoundError, PreconditionFailedError
from app.etags import FAILED, etag, new_version, read_outcome, write_condition
from app.json_codec import json_answer, parse_json
from app.keys import checked_key, checked_prefix, cursor_after, key_before
from app.query import read_query, whole_number
from app.scope import ports_of

COLLECTION = "items"
# DynamoDB's bound for an item is 400 KB, its name and all its attributes counted.
MAX_VALUE_BYTES = 262_144
MAX_TTL_SECONDS = 366 * 24 * 3600
MAX_LIMIT = 100
DEFAULT_LIMIT = 50


async def put_item(request: Request) -> Response:
    """``PUT /items/{key}``"""
    key = checked_key(request.path_params["key"])
    query = read_query(request, "ttl")
    ttl = whole_number("ttl", query["ttl"], 1, MAX_TTL_SECONDS) if "ttl" in query else None
    condition = write_condition(request.headers)
    body = await read_body(request, MAX_VALUE_BYTES)
    parse_json(body)
    now = time.time()
    version = new_version()
    written = await ports_of(request).state.put(
        COLLECTION,
        key,
        body.decode(),
        version=version,
        condition=condition,
        now=int(now),
        # Whole seconds, rounded up: an item lives for its time to live, and less than a second more.
        expires_at=None if ttl is None else math.ceil(now) + ttl,
    )
    if not written:
        raise PreconditionFailedError(FAILED)
    return Response(status_code=204, headers={"etag": etag(version)})


async def get_item(request: Request) -> Response:
    """``GET /items/{key}``"""
    key = checked_key(request.path_params["key"])
    read_query(request)
    item = await ports_of(request).state.get(COLLECTION, key, now=int(time.time()))
    if item is None:
        raise ItemNotFoundError("There is no item with this key.")
    # What a cache keeps of an item it must ask for again: another version may have been written meanwhile.
    headers = {"etag": etag(item.version), "cache-control": "no-cache"}
    match read_outcome(request.headers, item.version):
        case "failed":
            raise PreconditionFailedError(FAILED)
        case "not_modified":
            return Response(status_code=304, headers=headers)
        case "send":
            return Response(item.value.encode(), headers=headers, media_type="application/json")


async def delete_item(request: Request) -> Response:
    """``DELETE /items/{key}``: afterwards there is none, whether there was one or not."""
    key = checked_key(request.path_params["key"])
    read_query(request)
    condition = write_condition(request.headers)
    if not await ports_of(request).state.delete(COLLECTION, key, condition=condition, now=int(time.time())):
        raise PreconditionFailedError(FAILED)
    return Response(status_code=204)


async def list_items(request: Request) -> Response:
    """``GET /items``: without values, so that an answer has a bound."""
    query = read_query(request, "prefix", "limit", "cursor")
    prefix = checked_prefix(query.get("prefix", ""))
    limit = whole_number("limit", query.get("limit", str(DEFAULT_LIMIT)), 1, MAX_LIMIT)
    after = key_before(query["cursor"], prefix) if "cursor" in query else None
    # One more than the page has shows whether there is another page.
    found = await ports_of(request).state.list(
        COLLECTION, prefix=prefix, limit=limit + 1, after=after, now=int(time.time())
    )
    page = found[:limit]
    return json_answer(
        {
            "items": [{"key": item.key, "etag": etag(item.version), "expires_at": item.expires_at} for item in page],
            "cursor": cursor_after(page[-1].key) if len(found) > limit else None,
        }
    )
