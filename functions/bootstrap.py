"""Finds the application and builds this cloud's adapters; nothing else in ``functions/`` constructs one."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module

from functions.asgi import Application
from functions.errors import ApplicationNotFoundError
from functions.platform import LambdaPlatform

VARIABLE = "PARALLAX_APPLICATION"
# The key is part of the contract with the application (``app.ports.SCOPE_KEY``); other applications pass it by.
SCOPE_KEY = "parallax"


@dataclass(frozen=True, slots=True)
class LambdaPorts:
    """Every port of ``app.ports``, on AWS."""

    platform: LambdaPlatform = field(default_factory=LambdaPlatform)


def lambda_ports() -> LambdaPorts:
    """This environment's adapters; making them touches nothing yet."""
    return LambdaPorts()


def load_application(environment: Mapping[str, str] = os.environ) -> Application:
    """The ASGI application that PARALLAX_APPLICATION names as ``module:attribute``.

    :raises ApplicationNotFoundError: where there is none. An error inside the module passes as it is.
    """
    name = environment.get(VARIABLE, "")
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
            f"the module {module_name!r} of {VARIABLE}={name!r} is not in the package; deploy it or correct the name"
        ) from error
    application: Application | None = getattr(module, attribute, None)
    if not callable(application):
        raise ApplicationNotFoundError(
            f"the module {module_name!r} has no ASGI application {attribute!r}; {VARIABLE} is {name!r}"
        )
    return application
