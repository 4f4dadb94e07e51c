"""The HTTP API: an ASGI application, ``app``."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.ai import ask, greet
from app.errors import ApplicationError
from app.instance import REQUESTS_KEY, InstanceHeaders
from app.items import delete_item, get_item, list_items, put_item
from app.json_codec import json_answer, read_json
from app.ports import Ports
from app.problems import on_application_error, on_method_not_allowed, on_not_found, on_unexpected
from app.scope import ports_of
from app.webhooks import receive_webhook

Endpoint = Callable[[Request], Awaitable[Response]]


async def root(_request: Request) -> Response:
    """``GET /``"""
    return PlainTextResponse("ok")


async def echo(request: Request) -> Response:
    """``POST /echo``"""
    return json_answer({"ok": True, "echo": await read_json(request)})


async def hello(request: Request) -> Response:
    """``GET /api/hello``"""
    platform = ports_of(request).platform
    return json_answer({"region": platform.region, "cloud": platform.cloud})


async def healthz(request: Request) -> Response:
    """``GET /healthz``"""
    platform = ports_of(request).platform
    return json_answer(
        {
            "cloud": platform.cloud,
            "region": platform.region,
            "version": platform.version,
            "instance": platform.instance,
            "requests": request.scope[REQUESTS_KEY],
        }
    )


def _path(path: str, **endpoints: Endpoint) -> Route:
    """One route for all methods of a path, so that ``allow`` names all of them. HEAD goes where GET goes."""

    async def endpoint(request: Request) -> Response:
        return await endpoints["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, endpoint, methods=list(endpoints))


def _memory_ports() -> Ports:
    # No cloud needs them, and each of them would pay for the import with every cold start.
    from app.memory import MemoryPorts  # noqa: PLC0415

    return MemoryPorts()


def _application() -> InstanceHeaders:
    starlette = Starlette(
        routes=[
            _path("/", GET=root),
            _path("/echo", POST=echo),
            _path("/api/hello", GET=hello),
            _path("/healthz", GET=healthz),
            _path("/ai", GET=greet, POST=ask),
            _path("/items", GET=list_items),
            _path("/items/{key}", GET=get_item, PUT=put_item, DELETE=delete_item),
            _path("/webhooks/{source}", POST=receive_webhook),
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
    return InstanceHeaders(starlette, _memory_ports)


app = _application()
