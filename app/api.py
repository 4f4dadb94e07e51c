"""The HTTP API: an ASGI application, ``app``."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.errors import ApplicationError
from app.instance import REQUESTS_KEY, InstanceHeaders
from app.json_codec import read_json, to_json
from app.memory import MemoryPorts
from app.ports import SCOPE_KEY, Platform
from app.problems import on_application_error, on_method_not_allowed, on_not_found, on_unexpected


async def root(_request: Request) -> Response:
    """``GET /``"""
    return PlainTextResponse("ok")


async def echo(request: Request) -> Response:
    """``POST /echo``"""
    return _json({"ok": True, "echo": await read_json(request)})


async def hello(request: Request) -> Response:
    """``GET /api/hello``"""
    platform = _platform(request)
    return _json({"region": platform.region, "cloud": platform.cloud})


async def healthz(request: Request) -> Response:
    """``GET /healthz``"""
    platform = _platform(request)
    return _json(
        {
            "cloud": platform.cloud,
            "region": platform.region,
            "version": platform.version,
            "instance": platform.instance,
            "requests": request.scope[REQUESTS_KEY],
        }
    )


def _platform(request: Request) -> Platform:
    platform: Platform = request.scope[SCOPE_KEY].platform
    return platform


def _json(content: dict[str, Any]) -> Response:
    return Response(to_json(content), media_type="application/json")


def _application() -> InstanceHeaders:
    starlette = Starlette(
        routes=[
            Route("/", root, methods=["GET"]),
            Route("/echo", echo, methods=["POST"]),
            Route("/api/hello", hello, methods=["GET"]),
            Route("/healthz", healthz, methods=["GET"]),
        ],
        exception_handlers={
            ApplicationError: on_application_error,
            404: on_not_found,
            405: on_method_not_allowed,
            Exception: on_unexpected,
        },
    )
    # A redirect from /echo/ to /echo would name an origin and lose a path prefix; one path, one resource.
    starlette.router.redirect_slashes = False
    return InstanceHeaders(starlette, MemoryPorts())


app = _application()
