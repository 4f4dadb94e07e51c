"""Which physical resource each URN had when this process first heard of it."""

from __future__ import annotations

import threading

from localcloud.providers.protocol.identity import Identity


class Predecessors:
    """Tells a replacement from a new resource.

    The engine asks Check with no old inputs for both, but for a replacement it asked Diff before, in the same process
    (facts of the protocol: Check, Diff, Check again, Create). Nothing here needs to survive: a later run asks again.
    """

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._lock = threading.Lock()

    def exists(self, urn: str, resource_id: str) -> None:
        """State holds this id for the URN."""
        with self._lock:
            self._ids[urn] = resource_id

    def known(self, urn: str, name: str) -> None:
        """State holds a resource of this name; its id, once `exists` tells it, says more."""
        with self._lock:
            self._ids.setdefault(urn, name)

    def gone(self, urn: str, resource_id: str) -> None:
        """That one is deleted, so the next create is not a replacement beside it."""
        with self._lock:
            if self._ids.get(urn) == resource_id:
                del self._ids[urn]

    def identity(self, urn: str) -> Identity:
        """Who a create under this URN would be now."""
        with self._lock:
            return Identity(urn, self._ids.get(urn, ""))
