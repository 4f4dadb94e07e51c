"""The loop: waits are handed on as they are, and nothing of the process stays changed."""

import asyncio
import gc
import select
import sys

import pytest

from lab.load.precise_loop import PreciseSelector, run, undisturbed


def test_a_wait_of_less_than_a_millisecond_is_not_rounded_up(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float | None] = []

    def watched(readable: list[int], writable: list[int], failing: list[int], timeout: float | None) -> None:
        waits.append(timeout)

    selector = PreciseSelector()
    monkeypatch.setattr(select, "select", watched)
    assert selector.select(0.0004) == []
    selector.close()
    assert waits == [0.0004]


def test_descriptors_are_told_of_as_by_any_loop() -> None:
    async def echoed() -> bytes:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(await reader.readline())
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
            writer.write(b"hello\n")
            line = await reader.readline()
            writer.close()
            return line

    assert run(echoed()) == b"hello\n"


def test_the_process_is_as_before() -> None:
    before = sys.getswitchinterval()
    frozen = gc.get_freeze_count()

    async def inside() -> tuple[float, bool]:
        with undisturbed():
            return sys.getswitchinterval(), gc.isenabled()

    interval, collecting = run(inside())
    assert interval < before
    assert not collecting
    assert sys.getswitchinterval() == before
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen
