"""One small HTTP/1.1 server for every front door: asyncio, httptools, and uvloop where the caller runs one."""

from localcloud.http.message import Handler, Request, Response, json_response
from localcloud.http.server import Limits, Server, serve

__all__ = ["Handler", "Limits", "Request", "Response", "Server", "json_response", "serve"]
