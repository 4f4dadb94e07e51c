"""No randomness before the first request, as on Cloudflare.

What top-level code draws would be in the snapshot and so be the same in every isolate. Cloudflare refuses it: reading
entropy raises, and an upload that used the shared generator of `random` fails (cloudflare/workerd,
src/pyodide/internal/topLevelEntropy). `python_check_rng_state` turns on the second check.
"""

import random

from .allow_entropy import source
from .import_patch_manager import patches


class _Entropy:
    def __init__(self) -> None:
        self._state = random.getstate()

    def forbid(self) -> None:
        source.install()
        patches.install()
        self._state = random.getstate()

    def check(self) -> None:
        """Raises RuntimeError when top-level code moved the shared generator."""
        if random.getstate() != self._state:
            raise RuntimeError("random seed in bad state")
        patches.after_snapshot()

    def allow(self) -> None:
        """To be called in each isolate after its start: every one gets a seed of its own."""
        source.remove()
        patches.remove()
        random.seed()
        patches.before_first_request()


entropy = _Entropy()
