"""The v4 API's envelope: {success, errors, messages, result, result_info}."""

from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.cloudflare.exceptions import ApiError
from localcloud.http import Response, json_response

_MOST_PER_PAGE = 100


def success(result: object, info: dict[str, int] | None = None) -> Response:
    """A 200; `result_info` stands there for lists only, as on Cloudflare."""
    body: dict[str, Any] = {"success": True, "errors": [], "messages": [], "result": result}
    return json_response(200, body if info is None else body | {"result_info": info})


def failure(reason: ApiError) -> Response:
    """The error's status; what is ours about it, and not Cloudflare's, stands in `messages`."""
    messages = [{"code": reason.code, "message": reason.hint}] if reason.hint else []
    body = {"success": False, "errors": list(reason.errors), "messages": messages, "result": None}
    return json_response(reason.status, body)


def page(items: Sequence[object], query: Mapping[str, str]) -> Response:
    """The part of a list that `page` and `per_page` (20, at most 100) ask for."""
    number = _positive(query.get("page"), 1)
    size = min(_positive(query.get("per_page"), 20), _MOST_PER_PAGE)
    shown = items[(number - 1) * size : number * size]
    pages = -(-len(items) // size)
    counts = {"count": len(shown), "total_count": len(items), "total_pages": pages}
    return success(list(shown), {"page": number, "per_page": size, **counts})


def whole(items: Sequence[object]) -> Response:
    """A list that Cloudflare does not divide into pages (scripts, routes)."""
    return success(list(items))


def _positive(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else otherwise
