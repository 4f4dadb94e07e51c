"""Finds the application and builds this cloud's adapters; nothing else in ``workers/`` constructs one."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from parallax_cloudflare.errors import ApplicationNotFoundError
from parallax_cloudflare.platform import Isolate, WorkerPlatform

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

VARIABLE = "PARALLAX_APPLICATION"
# The key is part of the contract with the application (``app.ports.SCOPE_KEY``); other applications pass it by.
SCOPE_KEY = "parallax"


@dataclass(frozen=True, slots=True)
class WorkerPorts:
    """Every port of ``app.ports``, on Cloudflare, for one request."""

    platform: WorkerPlatform


class PortedApplication:
    """An ASGI application with this cloud's ports in the scope of each request."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._isolate = Isolate()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            # The SDK puts the Worker's bindings into the scope as "env".
            platform = WorkerPlatform(self._isolate, scope["headers"], scope["env"])
            scope[SCOPE_KEY] = WorkerPorts(platform)
        await self._application(scope, receive, send)


def deployed_application(env: object) -> PortedApplication:
    """The application that the Worker's variable PARALLAX_APPLICATION names as ``module:attribute``.

    :param env: the Worker's bindings. Top-level code may read them (Cloudflare's changelog of 17 March 2025). They are
        only read, not kept: a JavaScript object cannot be part of the snapshot.
    :raises ApplicationNotFoundError: where there is none. An error inside the module passes as it is.
    """
    return PortedApplication(load_application(getattr(env, VARIABLE, "")))


def load_application(name: str) -> Application:
    """The ASGI application named ``module:attribute``.

    :raises ApplicationNotFoundError: where there is none. An error inside the module passes as it is.
    """
    module_name, separator, attribute = name.partition(":")
    if not (module_name and separator and attribute):
        raise ApplicationNotFoundError(
            f"the variable {VARIABLE} is {name!r}; set it to module:attribute, such as app.api:app"
        )
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        # A module that the application itself misses is another fault, and keeps its own name.
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        raise ApplicationNotFoundError(
            f"the module {module_name!r} of {VARIABLE}={name!r} is not in the Worker; deploy it or correct the name"
        ) from error
    application: Application | None = getattr(module, attribute, None)
    if not callable(application):
        raise ApplicationNotFoundError(
            f"the module {module_name!r} has no ASGI application {attribute!r}; {VARIABLE} is {name!r}"
        )
    return application
