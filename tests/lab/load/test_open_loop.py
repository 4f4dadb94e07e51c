"""Open-loop load: the schedule is kept, and what a target holds up is seen in full."""

import threading
from itertools import pairwise
from time import perf_counter, sleep

from lab.load.open_loop import Slot, open_loop
from lab.load.precise_loop import run
from lab.samples import Round
from lab.scenario import Endpoint, Level
from lab.targets import Target
from tests.lab.known_server import KnownServer, known_server


def _round(
    server: KnownServer, rate: float, connections: int, *, seconds: float, path: str = "/", origin: float = 0
) -> Round:
    slot = Slot(
        target=Target(name="a", url=server.url, origin="emulator"),
        endpoint=Endpoint(name="e", method="GET", path=path),
        level=Level(rate=rate, connections=connections),
        number=0,
        seconds=seconds,
        phase=0.5,
    )
    return run(open_loop(slot, run="r", origin=origin, patience=5))


def test_as_many_requests_leave_as_the_rate_says_at_even_distances() -> None:
    with known_server() as server:
        done = _round(server, rate=200, connections=4, seconds=1)
    assert server.requests == len(done.samples) == 200
    distances = [after.intended - before.intended for before, after in pairwise(done.samples)]
    assert all(abs(distance - 5_000) <= 1 for distance in distances)
    assert not any(sample.error for sample in done.samples)
    assert len(done.opened) == 4, "the connections were made before"
    assert all(opened.connect > 0 and opened.tls == -1 for opened in done.opened)


def test_a_stall_is_seen_by_every_request_that_was_due_in_it() -> None:
    """No coordinated omission: a closed loop would have seen two slow requests, here it is a hundred."""
    with known_server() as server:
        threading.Timer(0.5, server.stall, [0.5]).start()
        origin = perf_counter()
        done = _round(server, rate=200, connections=2, seconds=1.5, origin=origin)
        ended = round((server.stalled_until - origin) * 1_000_000)
    due = [sample for sample in done.samples if ended - 499_000 <= sample.intended < ended]
    assert 99 <= len(due) <= 101
    assert all(sample.latency >= ended - sample.intended for sample in due)
    assert len(done.samples) == 300


def test_a_request_that_waits_for_a_connection_counts_from_when_it_was_due() -> None:
    with known_server(KnownServer(latency=lambda: 0.1)) as server:
        done = _round(server, rate=20, connections=1, seconds=1)
    # Half of what is offered: the last of twenty waits for about a second beyond its own 100 ms.
    last = done.samples[-1]
    assert last.latency >= 900_000
    assert last.latency - last.late - last.service >= 500_000, "it waited for the connection"
    assert max(sample.in_flight for sample in done.samples) >= 9


def test_errors_are_samples_and_the_round_goes_on() -> None:
    with known_server() as server:
        done = _round(server, rate=50, connections=2, seconds=0.6, path="/truncated")
    assert [sample.error for sample in done.samples] == ["truncated"] * 30


def test_a_target_that_is_not_there_is_a_round_of_errors() -> None:
    with known_server() as server:
        gone = KnownServer(port=server.port)
    sleep(0.05)
    done = _round(gone, rate=50, connections=2, seconds=0.5)
    assert {sample.error for sample in done.samples} == {"refused"}
