"""Whether randomness may be drawn: in requests always, at the top level only where a package's import needs it."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

_EIO = 29

# The name under which `random.SystemRandom`, and with it `secrets`, keeps `os.urandom`.
_SOURCE = "_urandom"


class EntropySource:
    """Takes the place of `os.urandom` until the first request."""

    def __init__(self) -> None:
        self._urandom = os.urandom
        self._allowed = 0

    def install(self) -> None:
        os.urandom = self._read
        setattr(random, _SOURCE, self._read)

    def remove(self) -> None:
        os.urandom = self._urandom
        setattr(random, _SOURCE, self._urandom)

    @contextmanager
    def allow(self, _calls: int) -> Iterator[None]:
        """Lets an import have entropy. Cloudflare counts the calls and gives poor bytes; here none are counted."""
        self._allowed += 1
        try:
            yield
        finally:
            self._allowed -= 1

    def _read(self, size: int, /) -> bytes:
        if not self._allowed:
            raise OSError(_EIO, "Cannot get entropy outside of request context")
        return self._urandom(size)


source = EntropySource()
allow_bad_entropy_calls = source.allow
