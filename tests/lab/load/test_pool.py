"""A round's connections: never more than allowed, in the order in which they were asked for, and none is lost."""

import asyncio

import pytest

from lab.load.address import Address
from lab.load.outcome import UnsentError
from lab.load.pool import Pool
from lab.load.precise_loop import run
from tests.lab.known_server import KnownServer, known_server


def _pool(server: KnownServer, limit: int) -> Pool:
    return Pool(Address.of(server.url), limit)


def test_those_in_line_are_served_in_their_order_and_nobody_overtakes() -> None:
    async def order() -> list[str]:
        pool = _pool(server, 1)
        first, _ = await pool.take(5)
        came: list[str] = []

        async def take(name: str) -> None:
            connection, _ = await pool.take(5)
            came.append(name)
            pool.give_back(connection)

        tasks = [asyncio.create_task(take(name)) for name in "abc"]
        await asyncio.sleep(0)
        pool.give_back(first)
        tasks.append(asyncio.create_task(take("late")))
        await asyncio.gather(*tasks)
        pool.close()
        return came

    with known_server() as server:
        assert run(order()) == ["a", "b", "c", "late"]


def test_a_turn_that_comes_as_one_gives_up_is_the_next_ones() -> None:
    async def taken() -> bool:
        pool = _pool(server, 1)
        first, _ = await pool.take(5)
        gives_up, waits = (asyncio.create_task(pool.take(5)) for _ in range(2))
        await asyncio.sleep(0)
        pool.give_back(first)
        gives_up.cancel()
        async with asyncio.timeout(5):
            connection, opening = await waits
        pool.give_back(connection)
        pool.close()
        return connection is first and opening is None

    with known_server() as server:
        assert run(taken())


def test_a_connection_that_cannot_be_made_leaves_its_place_free() -> None:
    async def failures() -> int:
        pool = Pool(Address("127.0.0.1", port, secure=False, prefix=""), 1)
        failed = 0
        for _ in range(3):
            try:
                await pool.take(1)
            except ConnectionRefusedError:
                failed += 1
        return failed

    with known_server() as server:
        port = server.port
    assert run(failures()) == 3


def test_all_being_busy_for_too_long_is_a_timeout() -> None:
    async def waits() -> None:
        pool = _pool(server, 1)
        busy, _ = await pool.take(5)
        try:
            await pool.take(0.05)
        finally:
            pool.give_back(busy)
            pool.close()

    with known_server() as server, pytest.raises(TimeoutError):
        run(waits())


def test_one_that_was_closed_meanwhile_is_not_handed_out() -> None:
    async def replaced() -> bool:
        pool = _pool(server, 1)
        first, _ = await pool.take(5)
        pool.give_back(first)
        first.close()
        with pytest.raises(UnsentError):
            await first.exchange(b"GET / HTTP/1.1\r\n\r\n", patience=1)
        second, opening = await pool.take(5)
        pool.give_back(second)
        pool.close()
        return second is not first and opening is not None

    with known_server() as server:
        assert run(replaced())
