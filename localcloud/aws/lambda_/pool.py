"""The environments of each version, and the machine's share that each may have."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from localcloud.aws.lambda_.deployment import Deployment
from localcloud.aws.lambda_.environment import INITIALISATION_LIMIT, Environment, State
from localcloud.aws.lambda_.invocation import Invocation, error
from localcloud.aws.lambda_.launch import Launcher
from localcloud.aws.ports import LogSink

_LOOK = 0.1  # seconds between looks at memory
_PATIENCE = 0.05  # seconds that an answered environment is given to poll again before another one is started


class Pool:
    """One version: idle environments are used last in, first out; invocations wait first in, first out."""

    def __init__(self, deployment: Deployment, launcher: Launcher, sink: LogSink, fleet: Fleet, declared: str) -> None:
        self.deployment = deployment
        self.launcher = launcher
        self.environments: set[Environment] = set()
        self.idle: list[Environment] = []
        self.waiting: deque[Invocation] = deque()
        self._sink = sink
        self._fleet = fleet
        self._declared = declared
        self._retired = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._warming: list[asyncio.Future[None]] = []

    @property
    def has_waiting(self) -> bool:
        """Whether an invocation waits for an environment."""
        return bool(self.waiting)

    def submit(self, invocation: Invocation) -> None:
        """Runs an invocation now, or as soon as an environment is free."""
        self._fleet.watch()
        if self.idle:
            self.idle.pop().invoke(invocation)
            return
        self.waiting.append(invocation)
        loop = asyncio.get_running_loop()
        # A cold start has its own limit and a second try; then a queue is as patient as the function itself.
        timer = loop.call_later(INITIALISATION_LIMIT + invocation.timeout + 1, self._give_up, invocation)
        invocation.done.add_done_callback(lambda _: timer.cancel())
        self.grow()

    def grow(self, *, patient: bool = True) -> None:
        """Starts environments for whoever waits, as far as the fleet has room."""
        coming = sum(1 for found in self.environments if found.state is State.STARTING)
        if patient:
            answered = sum(1 for found in self.environments if found.state is State.ANSWERED)
            if answered and coming < len(self.waiting) <= coming + answered:
                asyncio.get_running_loop().call_later(_PATIENCE, lambda: self.grow(patient=False))
            coming += answered
        while coming < len(self.waiting) and self._fleet.admits(self):
            self._start()
            coming += 1

    async def warm(self) -> None:
        """Has one environment ready, if there is room; returns in any case."""
        if self.environments or not self._fleet.admits(self):
            return
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._warming.append(ready)
        self._start()
        await ready

    def retire(self) -> None:
        """Takes no new work: idle environments end now, busy ones after their answer."""
        self._retired = True
        for environment in list(self.idle):
            environment.stop()
        self._close_when_empty()

    def close(self) -> None:
        """Ends all at once."""
        self._retired = True
        for environment in list(self.environments):
            environment.stop()
        self.launcher.close()

    def environment_ready(self, environment: Environment) -> None:
        """Hands it the next invocation."""
        self._warmed()
        environment.since = time.monotonic()
        while self.waiting:
            invocation = self.waiting.popleft()
            if not invocation.done.done():
                environment.invoke(invocation)
                return
        if self._retired:
            environment.stop()
            self._close_when_empty()
            return
        self.idle.append(environment)
        self._fleet.room()

    def environment_ended(self, environment: Environment, failure: tuple[bytes, str] | None) -> None:
        """Forgets it. A failed initialisation answers the one who has waited longest."""
        self._warmed()
        self.environments.discard(environment)
        if environment in self.idle:
            self.idle.remove(environment)
        if failure is not None:
            while self.waiting:
                invocation = self.waiting.popleft()
                if not invocation.done.done():
                    body, error_type = failure
                    invocation.fail(body, error_type, "timeout" if error_type == "Sandbox.Timedout" else "error")
                    break
        self._close_when_empty()
        self._fleet.room()
        if self.waiting:
            self.grow()

    def _start(self) -> None:
        environment = Environment(self.deployment, self.launcher, self._sink, self, self._declared)
        self.environments.add(environment)
        task = asyncio.get_running_loop().create_task(environment.start())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _warmed(self) -> None:
        for ready in self._warming:
            if not ready.done():
                ready.set_result(None)
        self._warming.clear()

    def _give_up(self, invocation: Invocation) -> None:
        if invocation in self.waiting:
            self.waiting.remove(invocation)
            invocation.fail(
                error("TooManyRequestsException", "Rate Exceeded."), "TooManyRequestsException", "throttled"
            )

    def _close_when_empty(self) -> None:
        if self._retired and not self.environments and not self.waiting:
            self.launcher.close()


class Fleet:
    """All pools of the machine. At most `limit` environments live at once."""

    def __init__(self, limit: int, idle_seconds: float) -> None:
        self._limit = limit
        self._idle_seconds = idle_seconds
        self.pools: dict[str, Pool] = {}
        self._retired: set[Pool] = set()
        self._hungry: deque[Pool] = deque()
        self._watching = False
        self._closed = False

    def admits(self, pool: Pool) -> bool:
        """Whether the pool may start one more environment; if not, it is called when there is room."""
        if self._closed:
            return False
        everyone = [*self.pools.values(), *self._retired]
        if sum(len(found.environments) for found in everyone) < self._limit:
            return True
        idle = [environment for found in everyone if found is not pool for environment in found.idle]
        if idle:
            min(idle, key=lambda environment: environment.since).stop()
            return True
        if pool not in self._hungry:
            self._hungry.append(pool)
        return False

    def room(self) -> None:
        """Lets the pool grow that has waited longest."""
        for _ in range(len(self._hungry)):
            pool = self._hungry.popleft()
            if pool.waiting:
                pool.grow()
                return

    def retire(self, key: str) -> None:
        """Drains a pool."""
        pool = self.pools.pop(key, None)
        if pool is not None:
            self._retired.add(pool)
            pool.retire()

    def watch(self) -> None:
        """Looks at memory and idle time as long as there are environments."""
        if not self._watching:
            self._watching = True
            asyncio.get_running_loop().call_later(_LOOK, self._look)

    def close(self) -> None:
        """Ends everything."""
        self._closed = True
        for pool in [*self.pools.values(), *self._retired]:
            pool.close()

    def _look(self) -> None:
        self._watching = False
        now = time.monotonic()
        alive = False
        for pool in [*self.pools.values(), *self._retired]:
            for environment in list(pool.environments):
                alive = True
                if environment.state is State.IDLE:
                    if now - environment.since > self._idle_seconds:
                        environment.stop()
                else:
                    environment.look()
        self._retired = {pool for pool in self._retired if pool.environments or pool.waiting}
        if alive and not self._closed:
            self.watch()
