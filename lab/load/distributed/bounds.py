"""What a distributed run may send: checked by the coordinator before a worker is asked for anything."""

from __future__ import annotations

from lab.errors import CapExceededError
from lab.scenario import Caps


def check(users: int, rate: float, seconds: float | None, targets: int, caps: Caps) -> None:
    """`users` of `rate` requests a second for so many `seconds` (None: without an end), over so many `targets`.

    Raises CapExceededError with the variable that raises the cap.
    """
    each = users * rate / max(1, targets)
    if each > caps.rate:
        raise CapExceededError(
            f"{users} users at {rate:g} requests a second are {each:g} a second to each target, and the cap is "
            f"{caps.rate:g}: raise it with LAB_MAX_RATE, or take fewer --users"
        )
    if seconds is None:
        raise CapExceededError("without --run-time the run has no end, and so no cap: give one, such as --run-time 2m")
    total = users * rate * seconds
    if total > caps.requests:
        raise CapExceededError(
            f"this would send {total:,.0f} requests, and the cap is {caps.requests:,}: raise it with LAB_MAX_REQUESTS, "
            "or give a shorter --run-time"
        )
