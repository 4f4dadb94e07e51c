"""Each environment's share of the machine's processors.

An environment with up to 1,769 MB has the equivalent of one virtual processor, and with 10,240 MB six of them:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html. Here it is kept to so many processors of this
machine. Threads of a function then run in turn as on Lambda, and hand over to each other at a fraction of the cost:
since Python 3.12 awslambdaric itself starts a thread for every event (measured: twice the events a second with one
environment, a sixth more with two).
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter

_MB_OF_ONE = 1769
_MOST = 6


class Processors:
    """Which processors are taken by how many environments; the least taken are given first."""

    def __init__(self, available: frozenset[int] | None = None) -> None:
        """:param available: numbers of processors; by default those that this process may use, none on macOS."""
        self._taken = Counter(dict.fromkeys(_usable() if available is None else available, 0))
        self._shares: dict[int, tuple[int, ...]] = {}

    def assign(self, pid: int, memory: int) -> tuple[int, ...]:
        """Keeps a process that was just started, with all that it starts, to its share for so many MB."""
        count = min(-(-memory // _MB_OF_ONE), _MOST, len(self._taken))
        share = tuple(sorted(self._taken, key=lambda number: (self._taken[number], number))[:count])
        if share and sys.platform == "linux":
            with contextlib.suppress(OSError):  # it may have ended already
                os.sched_setaffinity(pid, share)
        self._shares[pid] = share
        self._taken.update(share)
        return share

    def release(self, pid: int) -> None:
        """The process is gone."""
        self._taken.subtract(self._shares.pop(pid, ()))


def _usable() -> frozenset[int]:
    return frozenset(os.sched_getaffinity(0)) if sys.platform == "linux" else frozenset()
