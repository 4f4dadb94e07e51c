"""HTTP API events, payload format 2.0: ``functions.http.handler``."""

from functions.asgi import Server
from functions.bootstrap import SCOPE_KEY, LambdaPorts, lambda_ports, load_application
from functions.http_event import Event, proxy_response, request_body, request_scope


class HttpHandler:
    """A Lambda handler for one ASGI application behind an HTTP API."""

    def __init__(self, server: Server, ports: LambdaPorts) -> None:
        self._server = server
        self._ports = ports

    def __call__(self, event: Event, context: object) -> Event:
        """Answers one request; what the application raises makes the invocation fail, and the HTTP API answers 500.

        :raises UnsupportedEventError: for an event of any other shape.
        """
        scope = request_scope(event)
        scope[SCOPE_KEY] = self._ports
        # By these two names applications that ran under Mangum find them.
        scope["aws.event"] = event
        scope["aws.context"] = context
        response = self._server.serve(scope, request_body(event))
        return proxy_response(response, with_body=scope["method"] != "HEAD")


# Made when Lambda initialises the environment: the application's imports are then in SnapStart's snapshot.
handler = HttpHandler(Server(load_application()), lambda_ports())
