"""The application on its in-memory engine, with a webhook key of the bench: what uvicorn serves as the baseline."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from app.api import app as application
from app.memory import MemoryPorts, MemorySecrets
from app.ports import SCOPE_KEY
from bench.baseline import KEY_VARIABLE

_PORTS = MemoryPorts(secrets=MemorySecrets({"webhookKeys": os.environ[KEY_VARIABLE]}))


async def app(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """The application, with these ports in the scope of each request."""
    scope[SCOPE_KEY] = _PORTS
    await application(scope, receive, send)
