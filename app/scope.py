"""The ports of a request."""

from starlette.requests import Request

from app.ports import SCOPE_KEY, Ports


def ports_of(request: Request) -> Ports:
    """What this request may ask of the cloud it came through."""
    ports: Ports = request.scope[SCOPE_KEY]
    return ports
