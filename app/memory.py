"""In-memory adapters: the application without a cloud, for demonstration and for tests of one's own."""

import os
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class MemoryPlatform:
    """This process, as a cloud of one instance."""

    cloud: str = "memory"
    region: str = "local"
    version: str = "0"

    @cached_property
    def instance(self) -> str:
        """Made when first asked for, as on the clouds: see functions/platform.py for the reason."""
        return os.urandom(8).hex()


@dataclass(frozen=True, slots=True)
class MemoryPorts:
    """Every port, in memory."""

    platform: MemoryPlatform = field(default_factory=MemoryPlatform)
