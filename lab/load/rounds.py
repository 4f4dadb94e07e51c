"""The rounds of a plan, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from time import perf_counter
from typing import Final

from lab.load.address import Address
from lab.load.open_loop import Slot, open_loop
from lab.load.pool import Pool
from lab.load.request import through
from lab.load.template import Template
from lab.samples import Round

_SILENCE: Final = {"timeout", "connect-timeout"}
_SHORTEST_PATIENCE = 1.0


async def rounds(
    slots: Sequence[Slot], *, run: str, origin: float, patience: float, begins: Callable[[Slot], None]
) -> AsyncIterator[Round]:
    """Each as soon as it is over, so that an end half-way keeps what was done. `begins` is told of each before it.

    A target that left a whole round without an answer is waited for no longer than its next round lasts (a second at
    least), until it answers again: else a silent one would cost every round its whole patience.
    """
    await warm_up(slots, run=run, patience=patience)
    silent: set[str] = set()
    for slot in slots:
        begins(slot)
        shortened = min(patience, max(_SHORTEST_PATIENCE, slot.seconds))
        waits = shortened if slot.target.name in silent else patience
        done = await open_loop(slot, run=run, origin=origin, patience=waits)
        if all(sample.error in _SILENCE for sample in done.samples):
            silent.add(slot.target.name)
        else:
            silent.discard(slot.target.name)
        yield done


async def warm_up(slots: Sequence[Slot], *, run: str, patience: float) -> None:
    """Before anything is measured, one request on each of the connections that the plan is to use: the first one of an
    instance says that it is, but not every target marks them.
    """
    widest: dict[str, Slot] = {}
    for slot in slots:
        known = widest.get(slot.target.name)
        if known is None or slot.level.connections > known.level.connections:
            widest[slot.target.name] = slot
    for slot in widest.values():
        await _together(slot, run, patience)


async def _together(slot: Slot, run: str, patience: float) -> None:
    address = Address.of(slot.target.url)
    pool = Pool(address, slot.level.connections)
    template = Template(endpoint=slot.endpoint, address=address, run=run)
    now = perf_counter()
    try:
        await asyncio.gather(
            *(
                through(
                    pool, template.bytes(number), slot.endpoint,
                    intended=now, origin=now, patience=patience, in_flight=number + 1,
                )
                for number in range(warm_up_requests(slot))
            )
        )  # fmt: skip
    finally:
        pool.close()


def warm_up_requests(slot: Slot) -> int:
    """How many the warm-up of a target sends, whose widest slot this is."""
    return min(slot.level.connections, slot.requests)
