"""Which instance answered, and whether it is a new one: two headers on every answer."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.ports import SCOPE_KEY, Ports

REQUESTS_KEY = "parallax.requests"


class InstanceHeaders:
    """Outermost part of the application: counts requests, and adds ``x-instance`` and ``x-instance-requests``.

    It stands outside Starlette because Starlette's own answer to an unexpected exception passes by its middleware.
    A client that reads ``x-instance-requests: 1`` has met a cold start.

    Nothing is counted and no id is made before the first request. Lambda's SnapStart and Cloudflare's snapshots copy
    the memory of an initialised instance: what were drawn at import would be the same in every copy.
    """

    def __init__(self, app: ASGIApp, ports: Callable[[], Ports]) -> None:
        """:param ports: makes those that count, from the first such request on, where the server has given none."""
        self._app = app
        self._make_ports = ports
        self._ports: Ports | None = None
        self._requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._requests += 1
        requests = self._requests
        ports: Ports = scope.get(SCOPE_KEY) or self._own_ports()
        scope[SCOPE_KEY] = ports
        scope[REQUESTS_KEY] = requests

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-instance", ports.platform.instance.encode()),
                    (b"x-instance-requests", str(requests).encode()),
                ]
            await send(message)

        await self._app(scope, receive, marked)

    def _own_ports(self) -> Ports:
        if self._ports is None:
            self._ports = self._make_ports()
        return self._ports
