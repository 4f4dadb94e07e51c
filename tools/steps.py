"""Says what set-up is doing, and how long each part took."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

_STILL_SECONDS = 20


@dataclass  # without slots: a Python too old for them comes this far, and is told so
class Steps:
    """Prints one line a step. `taken` keeps seconds by title, in order."""

    out: TextIO = field(default_factory=lambda: sys.stderr)
    taken: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, title: str, expectation: str = "") -> Iterator[None]:
        """Times the block; where it takes long, says now and then that it goes on."""
        self._say(f"  {title}{f' ({expectation})' if expectation else ''} …")
        started = time.monotonic()
        over = threading.Event()
        heart = threading.Thread(target=self._beat, args=(title, started, over), daemon=True)
        heart.start()
        try:
            yield
        finally:
            over.set()
            heart.join()
        self.taken[title] = time.monotonic() - started
        self._say(f"  {title}: {self.taken[title]:.1f} s")

    def already(self, title: str) -> None:
        """A step that an earlier run did."""
        self.taken[title] = 0.0

    def _beat(self, title: str, started: float, over: threading.Event) -> None:
        while not over.wait(_STILL_SECONDS):
            self._say(f"  {title}: still at it after {time.monotonic() - started:.0f} s")

    def _say(self, line: str) -> None:
        print(line, file=self.out, flush=True)
