"""Answers that are sent as they are made: over raw sockets, and read by a client that we did not write."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from localcloud.http import Limits, Request, Response, Server, serve

pytestmark = pytest.mark.anyio


class Source:
    """Chunks that come when the test says so, and what became of the iterator."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.closed = asyncio.Event()
        self.made = 0

    async def chunks(self, request: Request) -> AsyncIterator[bytes]:
        try:
            yield b"first"
            if request.path == "/fail":
                raise RuntimeError("secret")
            if request.path == "/much":
                for self.made in range(1, 1000):
                    yield b"x" * 65_536
            await self.go.wait()
            yield b""
            yield b"second"
        finally:
            self.closed.set()

    async def handle(self, request: Request) -> Response:
        headers = [("x-bad", "a\r\nb")] if request.path == "/split" else [("content-type", "text/plain")]
        return Response(200, headers, b"", self.chunks(request))


async def say(server: Server, head: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"{head}\r\nhost: a\r\n\r\n".encode())
    return reader, writer


async def test_each_chunk_is_sent_at_once_and_the_connection_goes_on() -> None:
    source = Source()
    server = await serve(source.handle)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        async with client.stream("GET", "/") as answer:
            pieces = answer.aiter_raw()
            assert await asyncio.wait_for(anext(pieces), 5) == b"first"
            source.go.set()
            assert [piece async for piece in pieces] == [b"second"]
        assert (await client.get("/")).text == "firstsecond"
        assert len(server.connections) == 1
    await server.close()


async def test_the_next_request_waits_for_the_end_of_the_stream() -> None:
    source = Source()
    server = await serve(source.handle)
    reader, writer = await say(server, "GET / HTTP/1.1\r\nhost: a\r\n\r\nHEAD / HTTP/1.1")
    assert (await reader.readuntil(b"5\r\nfirst\r\n")).count(b"HTTP/1.1") == 1
    source.go.set()
    assert await reader.readuntil(b"0\r\n\r\n") == b"6\r\nsecond\r\n0\r\n\r\n"
    head = await reader.readuntil(b"\r\n\r\n")
    assert b"content-length" not in head
    assert b"transfer-encoding" not in head
    writer.close()
    await server.close()


async def test_http_10_gets_the_body_up_to_the_end() -> None:
    source = Source()
    source.go.set()
    server = await serve(source.handle)
    reader, writer = await say(server, "GET / HTTP/1.0\r\nconnection: keep-alive")
    head, _, body = (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n\r\n")
    assert body == b"firstsecond"
    assert b"chunked" not in head
    writer.close()
    await server.close()


async def test_what_breaks_off_does_not_look_whole() -> None:
    source = Source()
    server = await serve(source.handle)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/fail")
        assert source.closed.is_set()
        assert (await client.get("/split")).status_code == 500
    await server.close()


async def test_a_peer_that_goes_away_ends_the_stream() -> None:
    source = Source()
    server = await serve(source.handle)
    reader, writer = await say(server, "GET / HTTP/1.1")
    await reader.readuntil(b"first\r\n")
    writer.close()
    await asyncio.wait_for(source.closed.wait(), 5)
    await server.close()


async def test_a_peer_that_does_not_read_holds_the_source_back_and_is_ended() -> None:
    source = Source()
    server = await serve(source.handle, limits=Limits(write_seconds=0.5))
    _, writer = await say(server, "GET /much HTTP/1.1")
    await asyncio.wait_for(source.closed.wait(), 10)
    assert source.made < 500
    writer.close()
    await server.close()


async def test_a_peer_that_reads_late_gets_all() -> None:
    source = Source()
    source.go.set()
    server = await serve(source.handle)
    reader, writer = await say(server, "GET /much HTTP/1.1\r\nconnection: close")
    await asyncio.sleep(0.3)
    assert source.made < 900
    assert (await asyncio.wait_for(reader.read(), 20)).endswith(b"0\r\n\r\n")
    writer.close()
    await server.close()


async def test_a_server_that_closes_ends_its_streams() -> None:
    source = Source()
    server = await serve(source.handle)
    reader, writer = await say(server, "GET / HTTP/1.1")
    await reader.readuntil(b"first\r\n")
    await server.close(0)
    await asyncio.wait_for(source.closed.wait(), 5)
    writer.close()
