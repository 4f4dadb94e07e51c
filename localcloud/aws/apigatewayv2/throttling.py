"""Token buckets, as API Gateway throttles (http-api-throttling): a rate per second, and a burst."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class TokenBucket:
    """Holds up to `burst` tokens and gains `rate` a second."""

    __slots__ = ("_burst", "_clock", "_last", "_rate", "_tokens")

    def __init__(self, rate: float, burst: int, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens, self._last = float(burst), clock()

    def take(self) -> bool:
        """Takes one token; False where there is none."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._last) * self._rate)
        self._last = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Throttle:
    """The buckets of one stage: one for all routes without a setting, and one for each route that has its own."""

    def __init__(self, stage: dict[str, Any], clock: Callable[[], float]) -> None:
        default = stage.get("DefaultRouteSettings") or {}
        self._default = _bucket(default, {}, clock)
        routes = stage.get("RouteSettings") or {}
        self._routes = {key: _bucket(settings, default, clock) for key, settings in routes.items()}

    def admits(self, route_key: str) -> bool:
        """Whether a request on that route may pass now."""
        bucket = self._routes.get(route_key, self._default)
        return bucket is None or bucket.take()


def _bucket(settings: dict[str, Any], default: dict[str, Any], clock: Callable[[], float]) -> TokenBucket | None:
    rate = settings.get("ThrottlingRateLimit", default.get("ThrottlingRateLimit"))
    burst = settings.get("ThrottlingBurstLimit", default.get("ThrottlingBurstLimit"))
    if rate is None and burst is None:
        return None
    # AWS's account limits stand in for the half that is not set.
    return TokenBucket(10_000.0 if rate is None else rate, 5_000 if burst is None else burst, clock)
