"""Finds the application and builds this cloud's adapters; nothing else in ``workers/`` constructs one."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from parallax_cloudflare.errors import ApplicationNotFoundError, CapabilityMissingError
from parallax_cloudflare.platform import Isolate, WorkerPlatform
from parallax_cloudflare.secrets import BindingSecrets
from parallax_cloudflare.state import D1State
from parallax_cloudflare.text_model import WorkersAiTextModel

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

VARIABLE = "PARALLAX_APPLICATION"
# The bindings that components/cloudflare gives the Worker for what is declared; a secret has its own name.
TEXT_MODEL = "PARALLAX_TEXT_MODEL"
AI = "AI"
STATE = "STATE"
# The key is part of the contract with the application (``app.ports.SCOPE_KEY``); other applications pass it by.
SCOPE_KEY = "parallax"


@dataclass(frozen=True, slots=True)
class WorkerPorts:
    """Every port of ``app.ports``, on Cloudflare, for one request; an adapter is made when it is asked for, and cheap.

    :param env: the Worker's bindings.
    """

    platform: WorkerPlatform
    env: object

    @property
    def text_model(self) -> WorkersAiTextModel:
        """Raises CapabilityMissingError where none is declared."""
        return WorkersAiTextModel(self._bound(AI), self._bound(TEXT_MODEL), time.time)

    @property
    def state(self) -> D1State:
        """Raises CapabilityMissingError where none is declared."""
        return D1State(self._bound(STATE))

    @property
    def secrets(self) -> BindingSecrets:
        """The declared secrets."""
        return BindingSecrets(self.env)

    def _bound(self, name: str) -> Any:
        binding = getattr(self.env, name, None)
        if binding is None:
            raise CapabilityMissingError(
                f"the application asks for what the binding {name} gives, and it is not there; "
                "declare the capability in the application's AppSpec and deploy again"
            )
        return binding


class PortedApplication:
    """An ASGI application with this cloud's ports in the scope of each request."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._isolate = Isolate()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            # The SDK puts the Worker's bindings into the scope as "env".
            platform = WorkerPlatform(self._isolate, scope["headers"], scope["env"])
            scope[SCOPE_KEY] = WorkerPorts(platform, scope["env"])
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
