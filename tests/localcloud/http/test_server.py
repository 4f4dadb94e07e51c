"""The server against raw sockets: order, bounds, and what must be refused."""

import asyncio
from pathlib import Path

import pytest

from localcloud.http import Limits, Request, Response, Server, serve

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def echo(request: Request) -> Response:
    if request.path == "/slow":
        await asyncio.sleep(0.1)
    if request.path == "/fail":
        raise RuntimeError("secret")
    if request.path == "/split":
        return Response(200, [("x", "a\r\nset-cookie: b")], b"")
    if request.path == "/empty":
        return Response(204, [], b"ignored")
    return Response(200, [("x-path", request.path)], request.body)


async def say(server: Server, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


END = b"GET /end HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"


async def test_pipelined_requests_are_answered_in_order() -> None:
    server = await serve(echo)
    slow = b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n"
    chunked = b"POST /c HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    answer = await say(server, slow + chunked + END)
    assert answer.index(b"x-path: /slow") < answer.index(b"x-path: /c") < answer.index(b"x-path: /end")
    assert b"\r\n\r\nhi" in answer
    await server.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ncontent-length: 3\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +3\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"a" * 10_300 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"a" * 60_000, 431),
        (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 999\r\n\r\n", 413),
        (
            b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n200\r\n" + b"a" * 512 + b"\r\n0\r\n\r\n",
            413,
        ),
        (b"POST / HTTP/1.1\r\nhost: a\r\nexpect: magic\r\ncontent-length: 1\r\n\r\n", 417),
    ],
)
async def test_refused(head: bytes, status: int) -> None:
    server = await serve(echo, limits=Limits(body_bytes=100, linger_seconds=0.1))
    answer = await say(server, head)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert answer.count(b"HTTP/1.1") == 1
    await server.close()


async def test_neither_a_failure_nor_a_split_header_leaks() -> None:
    server = await serve(echo)
    failed = await say(server, b"GET /fail HTTP/1.1\r\nhost: a\r\n\r\n" + END)
    assert failed.startswith(b"HTTP/1.1 500 ")
    assert b"secret" not in failed
    assert b"set-cookie" not in await say(server, b"GET /split HTTP/1.1\r\nhost: a\r\n\r\n" + END)
    await server.close()


async def test_head_and_204_have_no_body() -> None:
    server = await serve(echo)
    answer = await say(
        server,
        b"HEAD /h HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhiGET /empty HTTP/1.1\r\nhost: a\r\n\r\n" + END,
    )
    assert b"content-length: 2\r\n" in answer
    assert b"hi" not in answer
    assert b"ignored" not in answer
    await server.close()


async def test_continue_is_sent_when_asked_for() -> None:
    server = await serve(echo)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        b"POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 2\r\nconnection: close\r\n\r\n"
    )
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"hi")
    assert (await reader.read()).endswith(b"\r\n\r\nhi")
    writer.close()
    await server.close()


async def test_a_slow_client_is_ended() -> None:
    server = await serve(echo, limits=Limits(head_seconds=0.1, linger_seconds=0.1))
    assert b"200" not in await say(server, b"GET / HT")
    await server.close()


async def test_requests_in_flight_finish_at_close() -> None:
    server = await serve(echo)
    answer = asyncio.create_task(say(server, b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n"))
    await asyncio.sleep(0.05)
    await server.close()
    assert (await answer).startswith(b"HTTP/1.1 200 ")


async def test_unix_socket(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    server = await serve(echo, socket_path=path)
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(END)
    assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
    writer.close()
    await server.close()
