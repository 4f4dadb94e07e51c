"""Open-loop load: requests leave when they are due, however long those before them take.

A closed loop waits for an answer before it sends the next request, and so sends least while a target is slowest: the
worst latencies are never sampled (coordinated omission, https://www.youtube.com/watch?v=lJ8ydIuPFeU). Here a request
that cannot leave, because all connections are busy, waits, and its latency counts from the time at which it was due.

Requests are due at even distances, with a random start: comparable with what wrk2 and vegeta do.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import perf_counter

from lab.load.address import Address
from lab.load.pool import Pool
from lab.load.precise_loop import undisturbed
from lab.load.request import phase, through
from lab.load.template import Template
from lab.samples import Opened, Round, Sample
from lab.scenario import Endpoint, Level
from lab.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One round to be run: `phase`, from 0 to 1, is when within the first distance the first request is due."""

    target: Target
    endpoint: Endpoint
    level: Level
    number: int
    seconds: float
    phase: float

    @property
    def requests(self) -> int:
        """How many are sent."""
        return max(1, round(self.level.rate * self.seconds))


async def open_loop(slot: Slot, *, run: str, origin: float, patience: float) -> Round:
    """Runs a round; nothing that a target does raises. `origin` is the comparison's start by `perf_counter`."""
    address = Address.of(slot.target.url)
    template = Template(endpoint=slot.endpoint, address=address, run=run)
    pool = Pool(address, slot.level.connections)
    openings = await pool.warm_up(min(slot.level.connections, slot.requests), patience)
    first_number = slot.number * slot.requests
    # Made before the first is due: making them is not to hold up those that leave.
    requests = [template.bytes(first_number + number) for number in range(slot.requests)]
    distance = 1 / slot.level.rate
    tasks: list[asyncio.Task[Sample]] = []
    under_way = 0

    def ended(_: object) -> None:
        nonlocal under_way
        under_way -= 1

    loop = asyncio.get_running_loop()
    try:
        with undisturbed():
            started = perf_counter() + 0.002
            for number, request in enumerate(requests):
                due = started + (number + slot.phase) * distance
                pause = due - perf_counter()
                if pause > 0:
                    await asyncio.sleep(pause)
                under_way += 1
                task = loop.create_task(
                    through(
                        pool, request, slot.endpoint,
                        intended=due, origin=origin, patience=patience, in_flight=under_way,
                    )
                )  # fmt: skip
                task.add_done_callback(ended)
                tasks.append(task)
            samples = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        pool.close()
    micro = round((started - origin) * 1_000_000)
    return Round(
        slot.target.name,
        slot.endpoint.name,
        slot.level.name,
        slot.number,
        micro,
        tuple(samples),
        tuple(Opened(*map(phase, opening)) for opening in openings),
    )
