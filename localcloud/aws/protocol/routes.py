"""Which operation a request means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from localcloud.http import Request

if TYPE_CHECKING:
    from botocore.model import ServiceModel

_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


@dataclass(frozen=True, slots=True)
class Match:
    """An operation and the labels of its path, decoded."""

    operation: str
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Route:
    operation: str
    pattern: re.Pattern[str]
    labels: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    rank: tuple[int, ...]  # literals before labels before greedy labels


class RestRoutes:
    """The REST protocols: method, path template and fixed query parameters name the operation."""

    def __init__(self, model: ServiceModel) -> None:
        routes: dict[str, list[_Route]] = {}
        for name in model.operation_names:
            http = model.operation_model(name).http
            routes.setdefault(http["method"], []).append(_compile(name, http["requestUri"]))
        self._routes = {method: sorted(found, key=lambda route: route.rank) for method, found in routes.items()}

    def match(self, request: Request) -> Match | None:
        """The most specific operation, or None."""
        query = set(parse_qsl(request.query, keep_blank_values=True))
        for route in self._routes.get(request.method, ()):
            found = route.pattern.fullmatch(request.path)
            if found and query.issuperset(route.query):
                return Match(route.operation, dict(zip(route.labels, map(unquote, found.groups()), strict=True)))
        return None


class TargetRoutes:
    """The JSON protocols: the X-Amz-Target header names the operation."""

    def __init__(self, model: ServiceModel) -> None:
        self._prefix = model.metadata["targetPrefix"]
        self._names = frozenset(model.operation_names)

    def match(self, request: Request) -> Match | None:
        """The operation of that name, or None."""
        prefix, _, name = (request.header("x-amz-target") or "").rpartition(".")
        return Match(name, {}) if prefix == self._prefix and name in self._names else None


def _compile(operation: str, uri: str) -> _Route:
    path, _, query = uri.partition("?")
    pattern, labels, rank = "", [], []
    for segment in path.strip("/").split("/"):
        found = _LABEL.fullmatch(segment)
        if found is None:
            pattern += "/" + re.escape(segment)
            rank.append(0)
        else:
            labels.append(found[1])
            pattern += "/(.+)" if found[2] else "/([^/]+)"
            rank.append(2 if found[2] else 1)
    fixed = tuple(parse_qsl(query, keep_blank_values=True))
    # SDKs of different years disagree on a slash at the end; AWS takes both.
    key = (*rank, -len(fixed))
    return _Route(operation, re.compile(pattern + "/?"), tuple(labels), fixed, key)
