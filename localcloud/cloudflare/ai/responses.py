"""Requests for models, answered: those of the REST API, and those of the binding."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from localcloud.cloudflare.ai import catalogue
from localcloud.cloudflare.ai.exceptions import AiError, BadInputError, NoGatewayError
from localcloud.cloudflare.ai.inputs import wants_stream
from localcloud.cloudflare.ai.models import TextGeneration
from localcloud.cloudflare.envelope import page, success
from localcloud.cloudflare.router import Call
from localcloud.http import Request, Response, json_response

_EVENTS = ("content-type", "text/event-stream")
BINDING = "/ai/run"
"""Where the binding asks, on the private socket: no path of the v4 API, so that only the Worker host gets there."""


class AiResponses:
    def __init__(self, models: TextGeneration) -> None:
        self._models = models

    async def run(self, call: Call) -> Response:
        inputs = call.json()
        model = call.parameters["model_name"]
        try:
            if wants_stream(inputs):
                return Response(200, [_EVENTS], b"", await self._models.stream(model, inputs))
            return success(await self._models.run(model, inputs))
        except AiError as error:
            return _failure(error)

    async def search(self, call: Call) -> Response:
        return page(catalogue.search(dict(call.query)), call.query)

    async def bound(self, request: Request) -> Response:
        """The binding's side: the result by itself, or the error's parts."""
        request_id = ("cf-ai-req-id", str(uuid4()))
        try:
            answer = await self._bound(unquote(request.header("cf-consn-model-id") or ""), _document(request))
        except AiError as error:
            answer = json_response(error.status, error.internal())
        answer.headers.append(request_id)
        return answer

    async def _bound(self, model: str, document: dict[str, Any]) -> Response:
        inputs, options = document.get("inputs"), document.get("options") or {}
        if isinstance(options, dict) and options.get("gateway"):
            raise NoGatewayError
        if wants_stream(inputs):
            return Response(200, [_EVENTS], b"", await self._models.stream(model, inputs))
        return json_response(200, await self._models.run(model, inputs))


def _document(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(request.body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise BadInputError("the body is not a JSON object")
    return document


def _failure(error: AiError) -> Response:
    """Workers AI's envelope differs from the other services': its result is an empty object."""
    messages = [{"code": error.code, "message": error.hint}] if error.hint else []
    body = {"errors": list(error.errors), "success": False, "result": {}, "messages": messages}
    return json_response(error.status, body)
