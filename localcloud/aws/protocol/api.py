"""A service of ours as AWS's HTTP API: botocore's model in front, the service behind."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol
from uuid import uuid4

from botocore.loaders import Loader
from botocore.model import ServiceModel

from localcloud.aws.protocol.answer import answer, error_answer
from localcloud.aws.protocol.parse import parse
from localcloud.aws.protocol.routes import RestRoutes, TargetRoutes
from localcloud.aws.protocol.service import CallContext, Service, ServiceError
from localcloud.aws.protocol.validate import violations
from localcloud.http import Request, Response

_log = logging.getLogger(__name__)

_VALIDATION_CODES = {"apigatewayv2": "BadRequestException", "logs": "InvalidParameterException"}


class Gate(Protocol):
    """Who may call what."""

    async def check(
        self, service: str, operation: str, params: Mapping[str, Any], context: CallContext, knows: Any = None
    ) -> None:
        """Returns, or raises ServiceError AccessDeniedException. `knows`: the service, if it has a method `needs`."""


class ServiceApi:
    """Parses, checks, asks the gate, calls, answers. Protocols rest-json and json 1.0 and 1.1."""

    def __init__(self, service: Service, loader: Loader | None = None, gate: Gate | None = None) -> None:
        found = (loader or Loader()).load_service_model(service.name, "service-2")
        for shape in getattr(service, "documents", ()):
            found["shapes"][shape]["document"] = True
        self.model = ServiceModel(found, service.name)
        self._service = service
        self._gate = gate
        self._needs = service if hasattr(service, "needs") else None
        protocol = self.model.metadata["protocol"]
        if protocol == "rest-json":
            self._routes: RestRoutes | TargetRoutes = RestRoutes(self.model)
            self._content_type = "application/json"
        elif protocol == "json":
            self._routes = TargetRoutes(self.model)
            self._content_type = f"application/x-amz-json-{self.model.metadata['jsonVersion']}"
        else:
            raise ValueError(f"{service.name} speaks {protocol}; rest-json and json are known")
        self._validation_code = _VALIDATION_CODES.get(service.name, "ValidationException")

    async def handle(self, request: Request, context: CallContext) -> Response:
        """The answer to one request; never raises, and never tells an unexpected error's text."""
        try:
            return await self._handle(request, context)
        except ServiceError as error:
            return error_answer(self.model, error, self._content_type)
        except Exception:  # noqa: BLE001 - the caller gets an incident, the log the cause
            incident = str(uuid4())
            _log.exception("%s failed, incident %s", self._service.name, incident)
            text = f"The local cloud failed; its log names the cause under {incident}."
            return error_answer(self.model, ServiceError("InternalFailure", text, 500), self._content_type)

    async def _handle(self, request: Request, context: CallContext) -> Response:
        match = self._routes.match(request)
        if match is None:
            raise ServiceError("UnknownOperationException", f"{self._service.name} has no such operation.", 404)
        operation = self.model.operation_model(match.operation)
        params = parse(operation, match.labels, request)
        wrong = violations(operation.input_shape, params)
        if wrong:
            raise ServiceError(self._validation_code, wrong, 400)
        if context.session is not None:
            await self._admit(match.operation, params, context)
        return answer(operation, await self._service.call(match.operation, params, context), self._content_type)

    async def _admit(self, operation: str, params: Mapping[str, Any], context: CallContext) -> None:
        if self._gate is None:
            raise ServiceError("AccessDeniedException", "Nobody here can tell what a role may do.")
        try:
            await self._gate.check(self._service.name, operation, params, context, self._needs)
        except ServiceError as error:
            if error.code == "AccessDeniedException" and self.model.metadata["protocol"] == "rest-json":
                error.status = 403  # the JSON protocols answer 400
            raise
