"""What the application asks of the cloud it runs on.

An entry point puts its Ports into each request's ASGI scope under SCOPE_KEY. Protocols only: an adapter fits by its
shape and need not import this module, so that an entry point can serve an application in whose package this one is
not even installed.
"""

from typing import Protocol

SCOPE_KEY = "parallax"


class Platform(Protocol):
    """Where this code runs. Read during a request only: before the first one, an instance may still be copied."""

    @property
    def cloud(self) -> str:
        """``aws``, ``cloudflare`` or ``memory``."""

    @property
    def region(self) -> str:
        """Where in that cloud: an AWS region (``eu-central-1``), a Cloudflare data centre (``FRA``)."""

    @property
    def version(self) -> str:
        """Which deployment answers: a published function version, a Worker's version id."""

    @property
    def instance(self) -> str:
        """Which execution environment or isolate answers: 16 hexadecimal digits, constant during its life."""


class Ports(Protocol):
    """All ports of one request."""

    @property
    def platform(self) -> Platform: ...
