"""What is requested of every target: endpoints, and levels of load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Requests are signed by Standard Webhooks, with the key that a variable of the environment holds."""

    key_variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One request. `path` begins with a slash and follows the base URL; `expects` are the statuses that are no error.

    In `path` and `body`, `{n}` stands for a number from 0 to 99 and `{run}` for a word of this run's own.
    """

    name: str
    method: str
    path: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    expects: tuple[int, ...] = (200,)
    signature: Signature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Open-loop load: `rate` requests a second, on at most `connections` connections at once."""

    rate: float
    connections: int

    @property
    def name(self) -> str:
        """As reports say it."""
        return f"{self.rate:g}/s on {self.connections}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What a run never exceeds unless it was raised on purpose: requests a second to one target, requests in all."""

    rate: float = 500
    requests: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What one comparison sends: each endpoint at each level; `knee` is the endpoint that is driven to its limit."""

    name: str
    endpoints: tuple[Endpoint, ...]
    levels: tuple[Level, ...]
    knee: str | None = None
    patience: float = 10.0
    """Seconds after a request's intended time at which it counts as failed."""
