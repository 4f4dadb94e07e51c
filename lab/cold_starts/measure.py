"""Cold starts of one target: forced, seen by the client, counted."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from lab.cold_starts.method import Method
from lab.errors import ColdStartRefusedError
from lab.latency import ColdStarts
from lab.load.request import send_one
from lab.samples import Sample
from lab.scenario import Endpoint
from lab.statistics.summary import quantiles
from lab.targets import Target

_WARM = 10
_SECONDS = 60


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
        """Forces and asks until there are `count`, or `seconds` are over. A method's refusal is part of the result."""
        for _ in range(_WARM):
            sample = await self._ask()
            if not sample.error and sample.instance_requests != 1:
                self.warm.append(sample.latency / 1000)
            if not sample.instance:
                self.problem = (
                    "answers have no x-instance header, so that a new instance cannot be told from an old one"
                )
                return
        began = perf_counter()
        try:
            async with self.method.forced(self.count) as times:
                async for _ in times:
                    goes_on(f"{self.target.name}: {self.method.name}, {len(self.cold)} of {self.count}")
                    self._take(await asyncio.gather(*(self._ask() for _ in range(self.method.together))))
                    if perf_counter() - began > seconds or len(self.cold) >= self.count:
                        break
        except ColdStartRefusedError as error:
            self.problem = str(error)

    def _take(self, samples: list[Sample]) -> None:
        self.asked += len(samples)
        self.cold += [one.latency / 1000 for one in samples if not one.error and one.instance_requests == 1]

    async def _ask(self) -> Sample:
        return await send_one(self.target, self.endpoint, run=self.run, patience=_SECONDS)

    @property
    def result(self) -> ColdStarts:
        """With the first `count` cold starts."""
        problem = self.problem
        if problem is None and not self.cold:
            problem = f"none of {self.asked} requests met a new instance"
        return ColdStarts(
            target=self.target.name,
            method=self.method.name,
            description=self.method.description,
            asked=self.asked,
            values=tuple(self.cold),
            quantiles=quantiles(self.cold),
            warm_p50=statistics.median(self.warm) if self.warm else None,
            problem=problem,
        )
