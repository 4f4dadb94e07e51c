"""The event loop of an isolate: what is ready runs in one turn of JavaScript's event loop, as in asyncio's own loops.

Pyodide's WebLoop gives each callback a turn of its own. A request through the SDK's ASGI adapter has seventeen
callbacks, and a turn costs more than most of them do: a proxy, a finalizer, five promises and a new stack.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

from _parallax_turns import attach, over, soon  # type: ignore[import-not-found]
from pyodide.ffi import create_proxy
from pyodide.webloop import WebLoop

# JavaScript's own tasks (messages, timers, bodies) get their turn after so many callbacks at the latest.
_CALLBACKS_A_TURN = 64


class TurnLoop(WebLoop):  # type: ignore[misc]
    """A WebLoop that runs several callbacks a turn, in the order in which they were scheduled."""

    def __init__(self) -> None:
        super().__init__()
        self._ready: deque[asyncio.Handle] = deque()
        self._due = False
        self._turns = 0

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        if not self._due:
            self._due = True
            soon()
        return handle

    def _turn(self) -> None:
        self._turns = this = self._turns + 1
        ready = self._ready
        try:
            for _ in range(_CALLBACKS_A_TURN):
                if not ready:
                    break
                handle = ready.popleft()
                if not handle._cancelled:  # noqa: SLF001
                    self._run(handle)
                if self._turns != this:
                    break
        finally:
            # A turn that was suspended has nothing to say: another one has taken over.
            if self._turns == this:
                self._due = bool(ready)
                over(self._due)

    def _run(self, handle: asyncio.Handle) -> None:
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
        """To be called in each interpreter: no proxy and no turn that was due outlives a snapshot."""
        attach(create_proxy(self._turn))
        self._due = bool(self._ready)
        if self._due:
            soon()


loop = TurnLoop()


def install() -> None:
    """Makes it the loop of this interpreter. To be called before anything is scheduled."""
    asyncio.get_event_loop_policy().set_event_loop(loop)
    loop.resume()
