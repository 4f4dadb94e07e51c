"""Rising load: doubled until a target falls behind, then narrowed."""

import random
import time
from collections.abc import Callable
from time import perf_counter

import pytest

from lab.load.knee import Ascent, achieved, climb, keeps_up, next_rate, why_ended
from lab.load.precise_loop import run
from lab.samples import Round, Sample
from lab.scenario import Caps, Endpoint
from lab.targets import Target
from tests.lab.known_server import KnownServer, known_server

ASCENT = Ascent(first=50)


@pytest.mark.parametrize(
    ("good", "bad", "following"),
    [
        ([], [], 50),
        ([50.0], [], 100),
        ([50.0, 100.0, 200.0, 400.0], [], 500),
        ([50.0, 500.0], [], None),
        ([50.0, 100.0], [200.0], 150),
        ([50.0, 100.0, 150.0], [200.0], 175),
        ([50.0, 100.0, 150.0, 175.0], [200.0], None),
        ([], [50.0], None),
    ],
)
def test_the_next_rate(good: list[float], bad: list[float], following: float | None) -> None:
    assert next_rate(good, bad, ASCENT, Caps(rate=500)) == following


def _step(rate: int, latency: Callable[[float], float], *, late: float = 0.0, failed: int = 0) -> Round:
    """A second of load: `latency` gives the seconds of the request that is due then."""
    samples = []
    for number in range(rate):
        due = number / rate
        took = round(latency(due) * 1_000_000)
        error = "timeout" if number < failed else ""
        samples.append(
            Sample(round(due * 1_000_000), round(took * late), -1, -1, -1, took, 0, took, took, 200, error, "", 0, 2, 1)
        )
    return Round("a", "e", f"{rate}/s on 64", 0, 0, tuple(samples))


def test_a_target_that_is_far_away_keeps_up_all_the_same() -> None:
    far = _step(50, lambda _: 0.3)
    assert achieved(far, 1.0) == pytest.approx(50)
    assert keeps_up(far, 50, 1.0)


def test_latencies_that_scatter_are_no_falling_behind() -> None:
    chance = random.Random(1)
    fallen = sum(not keeps_up(_step(50, lambda _: chance.gauss(0.3, 0.08)), 50, 1.0) for _ in range(200))
    assert fallen <= 4


def test_a_queue_that_grows_is_falling_behind_by_as_much_as_it_grows() -> None:
    """Twice of what it takes: each second of load, a second of waiting more."""
    overrun = _step(400, lambda due: 0.01 + due)
    assert achieved(overrun, 1.0) == pytest.approx(200, rel=0.01)
    assert not keeps_up(overrun, 400, 1.0)


def test_why_there_are_no_more_steps() -> None:
    well, behind = _step(100, lambda _: 0.01), _step(200, lambda due: 0.01 + due / 2)
    said = why_ended([well, behind], ASCENT, Caps())
    assert said == "at 200 requests a second it fell behind: it answered 133 a second"
    assert "3 of 200 failed" in why_ended([well, _step(200, lambda _: 0.01, failed=3)], ASCENT, Caps())
    assert "generator" in why_ended([well, _step(200, lambda due: due, late=0.9)], ASCENT, Caps())
    assert why_ended([well], ASCENT, Caps(rate=100)) == "the cap of 100 requests a second was reached"
    assert why_ended([well], ASCENT, Caps(requests=200)) == "the cap of 200 requests was reached"
    assert why_ended([well], ASCENT, Caps()) == "its time was over before it fell behind"


def test_steps_end_before_they_exceed_the_cap_of_requests() -> None:
    async def steps() -> list[Round]:
        target = Target(name="a", url=server.url, origin="emulator")
        endpoint = Endpoint(name="e", method="GET", path="/")
        ascent = Ascent(first=50, connections=4, step=0.4)
        found = climb(target, endpoint, ascent, Caps(requests=70), run="r", origin=perf_counter(), seconds=30)
        return [step async for step in found]

    with known_server() as server:
        done = run(steps())
        assert server.requests <= 70
    assert [len(step.samples) for step in done] == [20, 40]


def test_a_target_that_takes_so_much_is_found_to_take_about_that() -> None:
    """One request at a time, 5 ms each: 200 a second at most."""

    def busy() -> float:
        time.sleep(0.005)
        return 0.0

    server = KnownServer(latency=busy)

    async def steps() -> list[Round]:
        target = Target(name="a", url=server.url, origin="emulator")
        endpoint = Endpoint(name="e", method="GET", path="/")
        ascent = Ascent(first=50, connections=16, step=0.8)
        found = climb(target, endpoint, ascent, Caps(), run="r", origin=perf_counter(), seconds=30)
        return [step async for step in found]

    with known_server(server):
        found = run(steps())
    rates = [float(step.level.partition("/")[0]) for step in found]
    kept = [rate for rate, step in zip(rates, found, strict=True) if keeps_up(step, rate, 0.8)]
    assert rates[0] == 50
    # A busy machine takes less; more than 200 is impossible, but for the few that a step's end still waits for.
    assert max(kept, default=0) <= 215
    assert max(rates) <= 400
    assert len(kept) < len(rates), "it went on until one failed"
