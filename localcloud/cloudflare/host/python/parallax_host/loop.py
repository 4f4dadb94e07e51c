"""The event loop of an isolate: what is ready runs in one turn of JavaScript's event loop, as in asyncio's own loops.

Pyodide's WebLoop gives each callback a turn of its own. A request through the SDK's ASGI adapter has seventeen
callbacks, and a turn costs more than most of them do: a proxy, a finalizer, five promises and a new stack.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

from pyodide.ffi import create_once_callable
from pyodide.webloop import WebLoop
from pyodide_js._api import scheduleCallback  # type: ignore[import-not-found]

# JavaScript's own tasks (messages, timers, bodies) get their turn after so many callbacks at the latest.
_CALLBACKS_A_TURN = 64


class TurnLoop(WebLoop):  # type: ignore[misc]
    """A WebLoop that runs several callbacks a turn, in the order in which they were scheduled."""

    def __init__(self) -> None:
        super().__init__()
        self._ready: deque[asyncio.Handle] = deque()
        self._scheduled = False

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context=context)
        self._ready.append(handle)
        # Also from within a turn: where a callback suspends it (`run_sync`), the next one runs the rest.
        self._schedule()
        return handle

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            scheduleCallback(create_once_callable(self._turn, _may_syncify=True), 0)

    def _turn(self) -> None:
        self._scheduled = False
        try:
            for _ in range(_CALLBACKS_A_TURN):
                if not self._ready:
                    return
                self._run(self._ready.popleft())
        finally:
            if self._ready:
                self._schedule()

    def _run(self, handle: asyncio.Handle) -> None:
        if handle.cancelled():
            return
        try:
            handle._run()  # noqa: SLF001
        except SystemExit as exit_:
            if not self._system_exit_handler:
                raise
            self._system_exit_handler(exit_.code)
        except KeyboardInterrupt:
            if not self._keyboard_interrupt_handler:
                raise
            self._keyboard_interrupt_handler()

    def resume(self) -> None:
        """To be called in an isolate that starts from a snapshot: a turn that was due when it was taken never comes."""
        self._scheduled = False
        if self._ready:
            self._schedule()


loop = TurnLoop()


def install() -> None:
    """Makes it the loop of this interpreter. To be called before anything is scheduled."""
    asyncio.get_event_loop_policy().set_event_loop(loop)
