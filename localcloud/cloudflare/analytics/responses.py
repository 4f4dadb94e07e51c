"""Requests to the GraphQL Analytics API, parsed and answered: without the envelope of the v4 API."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any, Final

from graphql import GraphQLError

from localcloud.cloudflare.analytics.exceptions import QueryError
from localcloud.cloudflare.analytics.models import Analytics
from localcloud.cloudflare.analytics.schema import DATASET
from localcloud.cloudflare.exceptions import MalformedJsonError
from localcloud.cloudflare.router import Call
from localcloud.http import Response, json_response

_PROSE: Final = "query contains error, please review it and retry"
_HINT: Final = f"the local cloud has the dataset {DATASET} only, and of it what its Worker host knows"
# Cloudflare's words for what graphql-core says: developers.cloudflare.com/analytics/graphql-api/errors.
_WORDS: Final = (
    (re.compile(r"Cannot query field '(\w+)'"), r'unknown field "\1"', _HINT),
    (re.compile(r"Field '\w+' must not have a selection"), "scalar fields must have no selections", ""),
    (re.compile(r"Field '\w+' of type .* must have a selection"), "object field must have selections", ""),
)


class AnalyticsResponses:
    """One method a URL; `urls` has the list."""

    def __init__(self, analytics: Analytics) -> None:
        self._analytics = analytics

    async def answer(self, call: Call) -> Response:
        """`{"data", "errors"}`; `errors` is null where there is none, and `data` where there is one."""
        body = call.json_object()
        text, variables, name = body.get("query"), body.get("variables") or {}, body.get("operationName")
        if not isinstance(text, str) or not isinstance(variables, dict) or not isinstance(name, str | None):
            raise MalformedJsonError("the body must have `query`, a text, and can have `variables`, an object")
        data, errors = await self._analytics.query(text, variables, name)
        if not errors:
            return json_response(200, {"data": data, "errors": None})
        causes = [error.original_error for error in errors]
        status = next((cause.status for cause in causes if isinstance(cause, QueryError)), 400)
        return json_response(status, {"data": None, "errors": [_shown(error) for error in errors]})


def _shown(error: GraphQLError) -> Mapping[str, Any]:
    message, code, hint = _said(error)
    extensions = {"timestamp": datetime.datetime.now(datetime.UTC).isoformat().replace("+00:00", "Z")}
    if code:
        extensions["code"] = code
    if hint:
        extensions["hint"] = hint
    path = None if error.path is None else [str(part) for part in error.path]
    return {"message": message, "path": path, "extensions": extensions}


def _said(error: GraphQLError) -> tuple[str, str, str]:
    """Message, code, and what is ours about it."""
    cause = error.original_error
    if isinstance(cause, QueryError):
        return str(cause), cause.code, cause.hint
    if cause is not None:
        raise cause
    for pattern, words, hint in _WORDS:
        if found := pattern.match(error.message):
            return found.expand(words), "", hint or error.message
    return _PROSE, "", error.message
