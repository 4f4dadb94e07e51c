"""The child's side of the contract with the supervisor (docs/architecture.md)."""

import asyncio
import json
import os
import signal
import sys
import threading


def tell(word: str, **fields: object) -> None:
    """The one line on standard output: `ready {…}` or `failed {…}`."""
    sys.stdout.write(f"{word} {json.dumps(fields)}\n")
    sys.stdout.flush()


def end_of_life() -> asyncio.Event:
    """Set on SIGTERM or SIGINT, or when the standard input ends, which happens however the supervisor dies."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)

    def wait() -> None:
        while os.read(0, 4096):
            pass
        loop.call_soon_threadsafe(ended.set)

    # A thread, as the event loop cannot watch every kind of standard input (a file, /dev/null).
    threading.Thread(target=wait, name="standard-input", daemon=True).start()
    return ended
