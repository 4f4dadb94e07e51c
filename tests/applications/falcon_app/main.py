"""Greetings in Falcon: path parameters, JSON, bytes, cookies, an error, and a start-up of its own."""

from typing import Any

import falcon
import falcon.asgi

PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


class Startup:
    """Knows whether the server started the application."""

    def __init__(self) -> None:
        self.starts = 0

    async def process_startup(self, scope: dict[str, Any], event: dict[str, Any]) -> None:
        self.starts += 1


class Greeting:
    def __init__(self, startup: Startup) -> None:
        self._startup = startup

    async def on_get(self, request: falcon.asgi.Request, response: falcon.asgi.Response, name: str) -> None:
        response.media = {"greeting": f"Hello, {name}", "shout": request.get_param_as_bool("shout", default=False)}

    async def on_post(self, request: falcon.asgi.Request, response: falcon.asgi.Response, name: str) -> None:
        response.status = falcon.HTTP_201
        response.media = {"to": name, "message": await request.get_media(), "started": self._startup.starts > 0}


class Pixel:
    async def on_get(self, request: falcon.asgi.Request, response: falcon.asgi.Response) -> None:
        response.content_type = "image/gif"
        response.set_cookie("seen", "yes", secure=False)
        response.set_cookie("from", request.cookies.get("from", "nowhere"), secure=False)
        response.data = PIXEL


def _application() -> falcon.asgi.App[Any, Any]:
    startup = Startup()
    application = falcon.asgi.App(middleware=[startup])
    application.add_route("/greetings/{name}", Greeting(startup))
    application.add_route("/pixel", Pixel())
    return application


app = _application()
