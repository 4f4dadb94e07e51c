"""Rising load: doubled until a target falls behind, then narrowed."""

import time
from time import perf_counter

import pytest

from lab.load.knee import Ascent, climb, keeps_up, next_rate
from lab.load.precise_loop import run
from lab.samples import Round
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
