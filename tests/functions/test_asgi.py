import asyncio
import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest

from functions.asgi import Application, Message, Receive, Response, Scope, Send, Server
from functions.errors import LifespanError

START: Message = {"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]}


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    """Servers that end with the test."""
    made: list[Server] = []
    yield made
    for server in made:
        server.close()


def scope() -> Scope:
    return {"type": "http", "method": "GET", "path": "/", "headers": []}


def serve(servers: list[Server], application: Application, body: bytes = b"") -> Response:
    servers.append(Server(application))
    return servers[-1].serve(scope(), body)


def http_only(exchange: Application) -> Application:
    """An application that knows no lifespan, and says so as ASGI has it: by an exception."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await exchange(scope, receive, send)

    return application


def test_body_in_and_chunks_out(servers: list[Server]) -> None:
    @http_only
    async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        assert message == {"type": "http.request", "body": b"hello", "more_body": False}
        await send(START)
        await send({"type": "http.response.body", "body": b"<", "more_body": True})
        await send({"type": "http.response.body", "body": message["body"], "more_body": True})
        await send({"type": "http.response.body"})

    assert serve(servers, echo, b"hello") == Response(200, [(b"a", b"b")], b"<hello")


def test_the_client_is_gone_only_after_its_answer(servers: list[Server]) -> None:
    seen: list[Message] = []

    @http_only
    async def waits(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        watch = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        assert not watch.done()
        await send(START)
        await send({"type": "http.response.body", "body": b"x"})
        seen.extend([await watch, await receive()])

    assert serve(servers, waits).body == b"x"
    assert seen == [{"type": "http.disconnect"}] * 2


def test_what_the_application_raises_passes(servers: list[Server]) -> None:
    @http_only
    async def fails(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        raise KeyError("half-way")

    with pytest.raises(KeyError, match="half-way"):
        serve(servers, fails)


def test_an_answer_that_was_complete_stands(servers: list[Server], caplog: pytest.LogCaptureFixture) -> None:
    @http_only
    async def fails_late(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        await send({"type": "http.response.body", "body": b"done"})
        raise KeyError("late")

    assert serve(servers, fails_late).body == b"done"
    assert [(record.levelno, record.exc_info is not None) for record in caplog.records] == [(logging.ERROR, True)]


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [START],
        [START, START],
        [{"type": "http.response.body"}],
        [START, {"type": "http.response.body"}, {"type": "http.response.body"}, {"type": "nonsense"}],
        [{"type": "websocket.accept"}],
    ],
    ids=["nothing", "no body", "two starts", "no start", "after the end", "nonsense"],
)
def test_an_application_that_breaks_the_protocol(
    servers: list[Server], messages: list[Message], caplog: pytest.LogCaptureFixture
) -> None:
    @http_only
    async def wrong(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    if len(messages) < 4:
        with pytest.raises(RuntimeError, match="ASGI application"):
            serve(servers, wrong)
    else:
        assert serve(servers, wrong).status == 200
        assert "out of turn" in caplog.text


class WithLifespan:
    """Counts how often it is started and stopped."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.states: list[dict[str, Any]] = []
        self.loops: set[asyncio.AbstractEventLoop] = set()
        self.startup: Message = {"type": "lifespan.startup.complete"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.loops.add(asyncio.get_running_loop())
        if scope["type"] == "lifespan":
            self.events.append((await receive())["type"])
            scope["state"]["client"] = "connected"
            await send(self.startup)
            if self.startup["type"].endswith("failed"):
                return
            self.events.append((await receive())["type"])
            await send({"type": "lifespan.shutdown.complete"})
        else:
            self.states.append(scope["state"])
            await send(START)
            await send({"type": "http.response.body"})


def test_one_lifespan_and_one_loop_an_environment() -> None:
    application = WithLifespan()
    server = Server(application)
    assert application.events == []
    for _ in range(3):
        server.serve(scope(), b"")
    assert application.events == ["lifespan.startup"]
    assert application.states == [{"client": "connected"}] * 3
    assert application.states[0] is not application.states[1]
    assert len(application.loops) == 1
    server.close()
    assert application.events == ["lifespan.startup", "lifespan.shutdown"]


def test_an_application_that_refuses_to_start_is_asked_again() -> None:
    application = WithLifespan()
    application.startup = {"type": "lifespan.startup.failed", "message": "no database"}
    server = Server(application)
    for _ in range(2):
        with pytest.raises(LifespanError, match=r"lifespan_failed: .*no database"):
            server.serve(scope(), b"")
    application.startup = {"type": "lifespan.startup.complete"}
    assert server.serve(scope(), b"").status == 200
    server.close()


def test_copies_of_an_initialised_server_share_nothing() -> None:
    """What SnapStart does: the environment is copied after its initialisation, and each copy serves on its own."""
    application = WithLifespan()
    server = Server(application)
    children = []
    for _ in range(2):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                server.serve(scope(), b"")
                server.serve(scope(), b"")
                os.write(writer, ",".join(application.events).encode())
                server.close()
                status = 0
            finally:
                os._exit(status)
        os.close(writer)
        children.append((child, reader))
    for child, reader in children:
        with os.fdopen(reader) as pipe:
            assert pipe.read() == "lifespan.startup"
        assert os.waitpid(child, 0)[1] == 0
    assert application.events == []
