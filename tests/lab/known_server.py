"""A server whose behaviour is known: a set latency for each request, stalls on demand, and every way to go wrong.

It runs on a loop and in a thread of its own. `/` and any other path answer after `latency()`; the paths of BEHAVIOURS
misbehave.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

BEHAVIOURS = (
    "/garbage",
    "/redirect",
    "/truncated",
    "/reset",
    "/silent",
    "/missing",
    "/chunked",
    "/until-close",
    "/close",
    "/fickle",
)


@dataclass
class KnownServer:
    """`latency` gives the seconds of each request; while `stalled_until` (perf_counter) is ahead, all wait for it.

    `delays` records what each request was really made to wait, in order of their ends.
    """

    latency: Callable[[], float] = lambda: 0.0
    stalled_until: float = 0.0
    instance: str = "known"
    delays: list[float] = field(default_factory=list)
    requests: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.port}"

    def stall(self, seconds: float) -> None:
        """From now on, for so long, nothing is answered."""
        self.stalled_until = perf_counter() + seconds

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served = 0
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
                length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                if length:
                    await reader.readexactly(int(length[0].partition(b":")[2]))
                if path.endswith("/fickle") and served:
                    return  # a connection that was kept alive, and is over as soon as it is used again
                served += 1
                if not await self._answer(method, path, writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return  # the peer, or the server, has ended it
        finally:
            writer.close()

    async def _answer(self, method: str, path: str, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on."""
        self.requests += 1
        arrived = perf_counter()
        delay = self.latency()
        if delay:
            await asyncio.sleep(delay)
        left = self.stalled_until - perf_counter()
        if left > 0:
            await asyncio.sleep(left)
        self.delays.append(perf_counter() - arrived)
        marks = f"x-instance: {self.instance}\r\nx-instance-requests: {self.requests}\r\n"
        ok = f"HTTP/1.1 200 OK\r\n{marks}"
        match path.removesuffix("/../").rpartition("/")[2]:
            case "garbage":
                writer.write(b"SSH-2.0-OpenSSH_9.2\r\n" * 3)
                return False
            case "redirect":
                writer.write(b"HTTP/1.1 302 Found\r\nlocation: https://elsewhere.example/\r\ncontent-length: 0\r\n\r\n")
            case "truncated":
                writer.write(f"{ok}content-length: 100\r\n\r\nhalf".encode())
                await writer.drain()
                return False
            case "reset":
                return False
            case "silent":
                await asyncio.sleep(60)
            case "missing":
                writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
            case "chunked":
                writer.write(f"{ok}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n".encode())
            case "until-close":
                writer.write(f"{ok}\r\nhello".encode())
                return False
            case "close":
                writer.write(f"{ok}connection: close\r\ncontent-length: 2\r\n\r\nok".encode())
                return False
            case "healthz":
                body = b'{"cloud": "known", "region": "here", "version": "1"}'
                writer.write(f"{ok}content-length: {len(body)}\r\n\r\n".encode() + body)
            case _:
                writer.write(f"{ok}content-length: 2\r\n\r\n".encode() + (b"" if method == "HEAD" else b"ok"))
        return True


async def _turns(many: int) -> None:
    for _ in range(many):
        await asyncio.sleep(0)


@contextmanager
def known_server(server: KnownServer | None = None) -> Iterator[KnownServer]:
    """Runs it on a free port of the loopback interface."""
    known = server or KnownServer()
    loop = asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()

    async def main() -> None:
        serving = await asyncio.start_server(known._serve, "127.0.0.1", 0)
        known.port = serving.sockets[0].getsockname()[1]
        ready.set()
        await over.wait()
        loop.remove_reader(serving.sockets[0].fileno())
        await _turns(10)  # connections that were just taken get as far as that they can be closed
        serving.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await _turns(10)  # transports close on the loop's next turns

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield known
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
