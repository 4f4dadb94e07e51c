"""Which route a request takes.

A full match comes before one with a greedy variable, and that before `$default`; `ANY` covers the methods that a
resource does not define (API Gateway developer guide, http-api-develop-routes: "Routing API requests"). Paths match on
decoded segments; a slash at the end is a segment of its own, and a greedy variable takes at least one character.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from localcloud.aws.apigatewayv2.models import Target

Found = tuple[Target, dict[str, str] | None]


@dataclass(frozen=True, slots=True)
class _Pattern:
    method: str
    segments: tuple[str, ...]
    names: tuple[str | None, ...]  # a variable's name, or None for a literal
    greedy: bool
    target: Target

    @property
    def rank(self) -> tuple[bool, tuple[bool, ...], int, bool]:
        """Lower is more specific."""
        variables = tuple(name is not None for name in self.names)
        return self.greedy, variables, -len(self.segments), self.method == "ANY"

    def match(self, parts: list[str]) -> dict[str, str] | None:
        count = len(self.segments)
        if len(parts) < count or (len(parts) > count and not self.greedy):
            return None
        found = {}
        for number, name in enumerate(self.names):
            if name is None:
                if parts[number] != self.segments[number]:
                    return None
            elif self.greedy and number == count - 1:
                found[name] = "/".join(parts[number:])
            else:
                found[name] = parts[number]
            if name is not None and not found[name]:
                return None
        return found


class Router:
    """The routes of one deployed stage, ready to be matched."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._exact: dict[tuple[str, str], Target] = {}
        self._default: Target | None = None
        patterns = []
        for target in targets:
            if target.route_key == "$default":
                self._default = target
                continue
            method, _, path = target.route_key.partition(" ")
            if "{" in path:
                patterns.append(_pattern(method, path, target))
            else:
                self._exact[method, path] = target
        self._patterns = sorted(patterns, key=lambda pattern: pattern.rank)

    def match(self, method: str, path: str) -> Found | None:
        """The route for that method and (percent-encoded) path with its variables, decoded; or None."""
        exact = self._exact
        target = exact.get((method, path)) or exact.get(("ANY", path))
        if target is not None:
            return target, None
        if "%" in path:
            plain = unquote(path)
            target = exact.get((method, plain)) or exact.get(("ANY", plain))
            if target is not None:
                return target, None
        if self._patterns:
            parts = [unquote(part) for part in path.split("/")[1:]] if "%" in path else path.split("/")[1:]
            for pattern in self._patterns:
                if pattern.method in (method, "ANY"):
                    found = pattern.match(parts)
                    if found is not None:
                        return pattern.target, found
        return (self._default, None) if self._default is not None else None


def _pattern(method: str, path: str, target: Target) -> _Pattern:
    segments = tuple(path.split("/")[1:])
    names = tuple(part.strip("{}").rstrip("+") if part.startswith("{") else None for part in segments)
    return _Pattern(method, segments, names, segments[-1].endswith("+}"), target)
