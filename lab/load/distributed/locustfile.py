"""For `locust -f`: users who send a scenario's requests to all targets in turn, each by a schedule of its own.

Locust waits for an answer before a user goes on, so that a slow target would be asked less. Here each user has its
requests due at even distances; one that falls behind sends what is overdue at once, and latency counts from when it was
due, as in wrk2. README.md says which variables it reads.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from locust import FastHttpUser, events, task
from locust.env import Environment
from locust.runners import WorkerRunner

from lab.errors import CapExceededError, LabError
from lab.load.distributed.bounds import check
from lab.load.distributed.collector import KEY, Collector
from lab.load.outcome import of_status
from lab.load.scenarios import of_path, read_scenario
from lab.load.signature import is_available
from lab.load.template import filled
from lab.scenario import Caps, Endpoint
from lab.targets import Target, parse_targets


def _targets() -> tuple[Target, ...]:
    return parse_targets(os.environ.get("LAB_URLS", "").split())


def _endpoints() -> tuple[Endpoint, ...]:
    path = os.environ.get("LAB_PATH")
    scenario = of_path(path) if path else read_scenario(os.environ.get("LAB_SCENARIO", "parallax"))
    return tuple(one for one in scenario.endpoints if one.signature is None or is_available(one.signature))


def _rate() -> float:
    return float(os.environ.get("LAB_RATE", "10"))


class Visitor(FastHttpUser):
    """One connection's worth of load: LAB_RATE requests a second, over all targets and endpoints in turn."""

    host = "http://unused.invalid"
    network_timeout = 30.0
    connection_timeout = 30.0

    def on_start(self) -> None:
        """The schedule begins."""
        self._distance = 1 / _rate()
        self._due = time.perf_counter()
        # A number for each time around, from 0: a read then follows the write of the same number.
        visits = list(itertools.product(_targets(), _endpoints()))
        self._turns: Iterator[tuple[int, tuple[Target, Endpoint]]] = (
            (number, visit) for number in itertools.count() for visit in visits
        )

    def on_stop(self) -> None:
        """What was due and could not be sent any more counts: else a target that stalls at the end would hide it."""
        now = time.perf_counter()
        while self._due <= now:
            _, (target, endpoint) = next(self._turns)
            cast("Collector", self.environment.lab).failed(target.name, endpoint.name, "unsent")
            self._due += self._distance

    def wait_time(self) -> float:
        """Until the next request is due; nothing where it is overdue."""
        return max(0.0, self._due - time.perf_counter())

    @task
    def visit(self) -> None:
        """The next target's next endpoint."""
        due = self._due
        self._due += self._distance
        number, (target, endpoint) = next(self._turns)
        collector = cast("Collector", self.environment.lab)
        try:
            status = self._status(target, endpoint, number)
        except OSError as error:
            collector.failed(target.name, endpoint.name, type(error).__name__)
            return
        except BaseException:  # the run is over: the user is ended where it stands
            collector.failed(target.name, endpoint.name, "cut-short")
            raise
        kind = of_status(status, endpoint.expects) if status else "no-answer"
        if kind:
            collector.failed(target.name, endpoint.name, kind)
        else:
            collector.answered(target.name, endpoint.name, (time.perf_counter() - due) * 1_000_000)

    def _status(self, target: Target, endpoint: Endpoint, number: int) -> int:
        path, headers, body = filled(endpoint, os.environ.get("LAB_RUN", "distributed"), number)
        answer = self.client.request(
            endpoint.method,
            f"{target.url}{path}",
            name=f"{target.name} {endpoint.name}",
            data=body.decode() or None,
            headers=dict(headers),
            allow_redirects=False,
        )
        return int(answer.status_code)


def _bounded(environment: Environment) -> None:
    """Ends the coordinator where the caps allow less; in a browser users could be set after this."""
    told, caps = environment.parsed_options, Caps()
    try:
        if told is None or not told.headless:
            raise CapExceededError("give --headless with --users and --run-time: caps are checked before all is sent")
        most = Caps(
            rate=float(os.environ.get("LAB_MAX_RATE", caps.rate)),
            requests=int(os.environ.get("LAB_MAX_REQUESTS", caps.requests)),
        )
        check(int(told.num_users or 1), _rate(), told.run_time, len(_targets()), most)
    except LabError as error:
        raise SystemExit(f"lab: {error} [{error.code}]") from None


def _begins(environment: Environment, **_: Any) -> None:
    """Each process has a collector; a master's takes what its workers report."""
    if not isinstance(environment.runner, WorkerRunner):
        _bounded(environment)
    environment.lab = collector = Collector()  # type: ignore[attr-defined]
    started = time.monotonic()

    def reports(client_id: str, data: dict[str, Any]) -> None:
        data[KEY] = collector.handed_over()

    def arrives(client_id: str, data: Mapping[str, Any]) -> None:
        collector.takes(data[KEY])

    def ends(**_: Any) -> None:
        if not isinstance(environment.runner, WorkerRunner):
            collector.write(Path(os.environ.get("LAB_OUTPUT", "reports/distributed")), time.monotonic() - started)

    listen: tuple[tuple[Any, Callable[..., None]], ...] = (
        (environment.events.worker_report, arrives),
        (environment.events.quit, ends),
    )
    if isinstance(environment.runner, WorkerRunner):
        listen = ((environment.events.report_to_master, reports),)
    for event, listener in listen:
        event.add_listener(listener)


_LISTEN: Callable[[Callable[..., None]], object] = events.init.add_listener
_LISTEN(_begins)
