"""Which function answers a URL of the v4 API."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

from localcloud.cloudflare.exceptions import MalformedJsonError, RouteNotFoundError
from localcloud.http import Request, Response

PREFIX = "/client/v4"
# Cloudflare's identifiers of accounts and zones; anything else in their place is no route there (7003). A model's name
# has slashes in it (`@cf/meta/…`), which clients encode or not.
_PARAMETERS = {"account_id": r"[0-9a-f]{32}", "zone_id": r"[0-9a-f]{32}", "model_name": r".+"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request with what its URL says. Path parameters and query are decoded."""

    request: Request
    parameters: Mapping[str, str]
    query: Mapping[str, str]

    def json(self) -> Any:
        """The body. Raises MalformedJsonError."""
        try:
            return json.loads(self.request.body)
        except ValueError:
            raise MalformedJsonError from None

    def json_object(self) -> dict[str, Any]:
        value = self.json()
        if not isinstance(value, dict):
            raise MalformedJsonError("the body must be a JSON object")
        return value


Answer = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True)
class Route:
    """`template` starts after /client/v4; `{name}` stands for one segment."""

    method: str
    template: str
    answer: Answer

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the template matches, with one group for each name in it."""
        pieces = re.split(r"\{(\w+)\}", self.template)
        named = (f"(?P<{name}>{_PARAMETERS.get(name, '[^/]+')})" for name in pieces[1::2])
        literal = (re.escape(piece) for piece in pieces[0::2])
        return re.compile("".join(part for pair in zip(literal, [*named, ""], strict=True) for part in pair))


class Router:
    """Routes by method and path, the first that matches."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes

    async def answer(self, request: Request) -> Response:
        """Raises RouteNotFoundError, and what the answering function raises."""
        path = request.path.removeprefix(PREFIX)
        if path != request.path:
            for route in self._routes:
                found = route.pattern.fullmatch(path) if route.method == request.method else None
                if found:
                    parameters = {name: unquote(value) for name, value in found.groupdict().items()}
                    return await route.answer(Call(request, parameters, dict(parse_qsl(request.query))))
        raise RouteNotFoundError(request.path)
