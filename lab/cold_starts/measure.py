"""Cold starts of one target: forced, seen by the client, counted."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from lab.cold_starts.method import Method
from lab.errors import ColdStartRefusedError
from lab.latency import ColdStarts
from lab.load.outcome import in_words
from lab.load.request import send_one
from lab.samples import Sample
from lab.scenario import Endpoint
from lab.statistics.summary import quantiles
from lab.targets import Target

_WARM: Final = 10
_PATIENCE: Final = 60
_VAIN: Final = 3
"""Times in a row that met no new instance, after which no further one is tried."""
_AGAIN_SECONDS: Final = 0.5
_CONNECTIONS: Final = "Each request opens a connection of its own, those of the warm median too."


@dataclass(slots=True, kw_only=True)
class ColdMeasurement:
    """Grows while it runs; `result` is what is known so far, also after an end half-way."""

    target: Target
    endpoint: Endpoint
    method: Method
    count: int
    run: str
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    asked: int = 0
    problem: str | None = None

    async def measure(self, goes_on: Callable[[str], None], *, seconds: float) -> None:
        """Forces and asks until there are `count`, or `seconds` are over, at least once. A method's refusal is part of
        the result; what it cannot put back, too.
        """
        self.problem = await self._warm()
        if self.problem is not None:
            return
        began = perf_counter()
        try:
            async with self.method.forced(self.count) as times:
                self.problem = await self._cold(times, goes_on, began + seconds)
        except ColdStartRefusedError as error:
            self.problem = str(error)
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from error

    async def _warm(self) -> str | None:
        """The median to compare with; why there can be no cold starts, None where nothing is against them."""
        samples = [await self._ask() for _ in range(_WARM)]
        good = [sample for sample in samples if not sample.error]
        self.warm += [sample.latency / 1000 for sample in good if sample.instance_requests > 1]
        if not good:
            return f"{self.endpoint.name}: {in_words(samples[-1].error)}"
        if not any(sample.instance and sample.instance_requests for sample in good):
            return (
                "answers have no x-instance and x-instance-requests headers, so that a new instance cannot be told "
                "from an old one"
            )
        return None

    async def _cold(self, times: AsyncIterator[None], goes_on: Callable[[str], None], end: float) -> str | None:
        """Why there are fewer than asked for, None where there are enough."""
        vain = 0
        async for _ in times:
            goes_on(f"{self.target.name}: {self.method.name}, {len(self.cold)} of {self.count}")
            vain = 0 if await self._meet() else vain + 1
            if len(self.cold) >= self.count:
                return None
            if vain == _VAIN:
                return f"{self._so_far()}: {_VAIN} times in a row no new instance answered"
            if perf_counter() > end:
                return f"{self._so_far()}: the time for cold starts was over"
        return f"{self._so_far()}: no more new instances answered"

    async def _meet(self) -> bool:
        """Whether a new instance has answered."""
        end = perf_counter() + self.method.settles
        while True:
            samples = await asyncio.gather(*(self._ask() for _ in range(self.method.together)))
            new = [one.latency / 1000 for one in samples if not one.error and one.instance_requests == 1]
            self.asked += len(samples)
            self.cold += new
            if new or perf_counter() > end:
                return bool(new)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _ask(self) -> Sample:
        return await send_one(self.target, self.endpoint, run=self.run, patience=_PATIENCE)

    def _so_far(self) -> str:
        return f"{len(self.cold) or 'none'} of {self.count} cold starts, {self.asked} requests"

    @property
    def result(self) -> ColdStarts:
        """What is known so far."""
        problem = self.problem
        if problem is None and len(self.cold) < self.count:
            problem = f"{self._so_far()}: it was ended before"
        return ColdStarts(
            target=self.target.name,
            method=self.method.name,
            description=f"{self.method.description} {_CONNECTIONS}",
            asked=self.asked,
            values=tuple(self.cold),
            quantiles=quantiles(self.cold),
            warm_p50=statistics.median(self.warm) if self.warm else None,
            problem=problem,
        )
