"""Finds the application and builds this cloud's adapters; nothing else in ``functions/`` constructs one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Final

from functions.clients import Clients
from functions.errors import ApplicationNotFoundError, CapabilityMissingError
from functions.platform import LambdaPlatform

if TYPE_CHECKING:
    from functions.asgi import Application
    from functions.secrets import SecretsManagerSecrets
    from functions.state import DynamoDbState
    from functions.text_model import BedrockTextModel

VARIABLE = "PARALLAX_APPLICATION"
TEXT_MODEL = "PARALLAX_TEXT_MODEL"
STATE_TABLE = "PARALLAX_STATE_TABLE"
SECRETS = "PARALLAX_SECRETS"
# Seconds that the function may take for a request; Lambda itself does not say so before one comes.
TIMEOUT = "PARALLAX_TIMEOUT"
# What is left for the application's own work when a model was given up.
_SPARE_SECONDS = 2

# The key is part of the contract with the application (``app.ports.SCOPE_KEY``); other applications pass it by.
SCOPE_KEY = "parallax"

SERVICES: Final[Mapping[str, str]] = {
    TEXT_MODEL: "bedrock-runtime",
    STATE_TABLE: "dynamodb",
    SECRETS: "secretsmanager",
}
"""The service that each capability's variable asks for."""


class LambdaPorts:
    """Every port of ``app.ports``, on AWS; an adapter is imported and built when it is first asked for."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._clients = Clients()
        self.platform = LambdaPlatform()

    def prepare(self) -> None:
        """What may be done once for all environments that start from one snapshot: see functions/clients.py."""
        self._clients.prepare(service for variable, service in SERVICES.items() if variable in self._environment)

    @cached_property
    def text_model(self) -> BedrockTextModel:
        """Raises CapabilityMissingError where none is declared, as the other two do."""
        from functions.text_model import BedrockTextModel  # noqa: PLC0415  # nobody pays for what is not declared

        model = self._declared(TEXT_MODEL)
        seconds = max(1, int(self._environment.get(TIMEOUT, "3")) - _SPARE_SECONDS)
        return BedrockTextModel(self._clients, model, seconds)

    @cached_property
    def state(self) -> DynamoDbState:
        """The table."""
        from functions.state import DynamoDbState  # noqa: PLC0415  # as above

        return DynamoDbState(self._clients, self._declared(STATE_TABLE))

    @cached_property
    def secrets(self) -> SecretsManagerSecrets:
        """The declared secrets."""
        from functions.secrets import SecretsManagerSecrets  # noqa: PLC0415  # as above

        return SecretsManagerSecrets(self._clients, json.loads(self._declared(SECRETS)))

    def _declared(self, variable: str) -> str:
        if variable not in self._environment:
            raise CapabilityMissingError(
                f"the application asks for what {variable} names, and the variable is not set; "
                "declare the capability in the application's AppSpec and deploy again"
            )
        return self._environment[variable]


def lambda_ports(environment: Mapping[str, str] = os.environ) -> LambdaPorts:
    """This environment's adapters; making them touches nothing yet."""
    ports = LambdaPorts(environment)
    if environment.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        ports.prepare()
    return ports


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
