"""An event loop whose timers are not rounded to milliseconds.

asyncio rounds a timer up to whole milliseconds, because epoll_wait(2) takes no less, and uvloop counts in milliseconds,
too (libuv). At 1,000 requests a second that is the whole distance between two. select(2) waits by the microsecond, and
an epoll or kqueue descriptor can itself be waited for.
"""

from __future__ import annotations

import asyncio
import gc
import select
import selectors
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

T = TypeVar("T")

_FD_SETSIZE = 1024
_SWITCH_SECONDS = 0.0005


class PreciseSelector(selectors.BaseSelector):
    """The platform's own selector, whose descriptor is waited for by select(2)."""

    def __init__(self) -> None:
        self._inner = selectors.DefaultSelector()
        fileno = getattr(self._inner, "fileno", None)
        # Without a descriptor (plain poll or select), or with one that is too high for select(2), the platform's own
        # waiting has to do.
        self._waited_for = [fileno()] if fileno and fileno() < _FD_SETSIZE else []

    def register(self, fileobj: FileDescriptorLike, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._inner.register(fileobj, events, data)

    def unregister(self, fileobj: FileDescriptorLike) -> selectors.SelectorKey:
        return self._inner.unregister(fileobj)

    def modify(self, fileobj: FileDescriptorLike, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._inner.modify(fileobj, events, data)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not self._waited_for:
            return self._inner.select(timeout)
        if timeout is None or timeout > 0:
            select.select(self._waited_for, [], [], timeout)
        return self._inner.select(0)

    def get_map(self) -> Any:
        return self._inner.get_map()

    def close(self) -> None:
        self._inner.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs it to its end on a precise loop. Ctrl-C cancels it and is then raised, as by asyncio.run."""
    before = sys.getswitchinterval()
    # Another thread of this process, if there is one, may keep the interpreter for 5 ms otherwise: five times the
    # distance of two requests.
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(PreciseSelector())) as runner:
            return runner.run(work)
    finally:
        sys.setswitchinterval(before)


@contextmanager
def undisturbed() -> Iterator[None]:
    """No garbage collection inside: a full one takes tens of milliseconds in a process with samples in memory, which a
    target would be blamed for. What was collected is done before and after.
    """
    was_enabled = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()
