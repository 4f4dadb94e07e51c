"""What the contract suite runs on."""

from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that serves the API. ``name`` is also the cloud that it says it is."""

    name: str
    base_url: str
    transport: httpx.AsyncBaseTransport | None = None
