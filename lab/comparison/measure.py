"""The measuring of a comparison, part after part."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping, Sequence
from time import perf_counter

from lab.cold_starts.measure import ColdMeasurement
from lab.cold_starts.method import Method
from lab.comparison.collected import Climb, Collected
from lab.comparison.options import COLD_SHARE, KNEE_SHARE, LOAD_SHARE, Options
from lab.comparison.progress import Watcher
from lab.errors import UsageUnavailableError
from lab.load.knee import Ascent, climb, why_ended
from lab.load.open_loop import Slot
from lab.load.plan import plan
from lab.load.probe import probe
from lab.load.rounds import rounds
from lab.load.signature import is_available
from lab.scenario import Caps, Endpoint, Scenario
from lab.targets import Target
from lab.usage.source import Source


class Measuring:
    """`run` fills `collected`; cancelled at any point, what was measured by then is there."""

    def __init__(
        self, options: Options, cold: Mapping[str, Method], usage: Mapping[str, Source], watcher: Watcher
    ) -> None:
        self.collected = Collected()
        self._options = options
        self._cold = cold
        self._usage = usage
        self._watcher = watcher
        self._run = secrets.token_hex(4)
        self._scenario = _available(options.scenario, self.collected)
        # Asked for before anything is sent: what is over a cap is not begun.
        self._plan(options.targets)

    def _plan(self, targets: Sequence[Target]) -> tuple[Slot, ...]:
        options = self._options
        share = LOAD_SHARE + (0 if options.scenario.knee else KNEE_SHARE) + (0 if self._cold else COLD_SHARE)
        return plan(
            targets,
            self._scenario,
            options.caps,
            seconds=options.seconds * share,
            rounds=options.rounds,
            seed=options.seed,
            share=share,
        )

    async def run(self) -> None:
        """Probes, loads, climbs, starts, and asks the clouds what they saw."""
        began = datetime.datetime.now(datetime.UTC)
        await self._probe()
        standing = [
            target
            for target, state in zip(self._options.targets, self.collected.states, strict=True)
            if state.state != "down"
        ]
        if not standing:
            return
        origin = perf_counter()
        await self._load(standing, origin)
        await self._climb(standing, origin)
        await self._start(standing)
        await self._ask_clouds(began)

    async def _probe(self) -> None:
        self._watcher.begins("first look", len(self._options.targets))
        for target in self._options.targets:
            self._watcher.goes_on(target.name)
            state = await probe(
                target, self._scenario.endpoints, run=self._run, patience=self._options.scenario.patience
            )
            self.collected.states.append(state)
            for problem in state.problems:
                self._watcher.says(f"{target.name}: {problem}")

    async def _load(self, targets: list[Target], origin: float) -> None:
        slots = self._plan(targets)
        self._watcher.begins("load", len(slots))

        def begins(slot: Slot) -> None:
            self._watcher.goes_on(f"{slot.target.name} {slot.endpoint.name} {slot.level.name}")

        done = rounds(slots, run=self._run, origin=origin, patience=self._scenario.patience, begins=begins)
        async for one in done:
            self.collected.rounds.append(one)
            self._watcher.measured(one)

    async def _climb(self, targets: list[Target], origin: float) -> None:
        endpoint = self._endpoint(self._scenario.knee)
        if endpoint is None:
            return
        seconds = KNEE_SHARE * self._options.seconds / len(targets)
        ascent = Ascent()
        self._watcher.begins("rising load", round(len(targets) * seconds / ascent.step))
        for target in targets:
            mine = Climb(target=target.name, endpoint=endpoint.name, step=ascent.step)
            self.collected.climbs.append(mine)
            caps = Caps(rate=self._options.caps.rate, requests=self._options.caps.requests - self.collected.requests)
            steps = climb(target, endpoint, ascent, caps, run=self._run, origin=origin, seconds=seconds)
            async for step in steps:
                mine.steps.append(step)
                self._watcher.goes_on(f"{target.name} {step.level}")
            mine.ended = why_ended(mine.steps, ascent, caps)

    async def _start(self, targets: list[Target]) -> None:
        endpoint = self._endpoint(self._scenario.knee) or self._scenario.endpoints[0]
        chosen = [(target, self._cold[target.name]) for target in targets if target.name in self._cold]
        if not chosen:
            return
        self._watcher.begins("cold starts", len(chosen) * self._options.cold_count)
        end = perf_counter() + COLD_SHARE * self._options.seconds
        for place, (target, method) in enumerate(chosen):
            # What a quick one leaves is the others'.
            seconds = (end - perf_counter()) / (len(chosen) - place)
            mine = ColdMeasurement(
                target=target, endpoint=endpoint, method=method, count=self._options.cold_count, run=self._run
            )
            self.collected.cold.append(mine)
            await mine.measure(self._watcher.goes_on, seconds=seconds)

    async def _ask_clouds(self, since: datetime.datetime) -> None:
        until = datetime.datetime.now(datetime.UTC)
        for name, source in self._usage.items():
            try:
                found = await source.read(name, since, until)
            except UsageUnavailableError as error:
                self.collected.notes.append(f"What {name} itself saw used is not known: {error}.")
                continue
            if found is not None:
                self.collected.usage.append(found)

    def _endpoint(self, name: str | None) -> Endpoint | None:
        return next((endpoint for endpoint in self._scenario.endpoints if endpoint.name == name), None)


def _available(scenario: Scenario, collected: Collected) -> Scenario:
    """Without the endpoints whose signing key is not there, which is noted."""
    kept: list[Endpoint] = []
    for endpoint in scenario.endpoints:
        if endpoint.signature is None or is_available(endpoint.signature):
            kept.append(endpoint)
            continue
        variable = endpoint.signature.key_variable
        collected.notes.append(f"{endpoint.name} was left out: its requests are signed, and {variable} is not set.")
    return Scenario(
        name=scenario.name, endpoints=tuple(kept), levels=scenario.levels, knee=scenario.knee,
        patience=scenario.patience,
    )  # fmt: skip
