"""From a real server through the real generator to the figures: what is known is found."""

import math
import random
import threading

import numpy as np

from lab.load.open_loop import Slot, open_loop
from lab.load.precise_loop import run
from lab.samples import Round
from lab.scenario import Endpoint, Level
from lab.statistics.differences import differences
from lab.statistics.summary import cells
from lab.targets import Target
from tests.lab.known_server import KnownServer, known_server

MEDIAN, SIGMA = 0.06, 0.5
EXPERIMENTS = 20
# With a true coverage of 95 %, fewer than 16 of 20 have a chance of 0.3 %.
FEWEST = 16


def _server(median: float = MEDIAN, seed: int = 1) -> KnownServer:
    """So slow that what the loopback and a busy machine add to it is nothing beside its intervals."""
    chance = random.Random(seed)
    return KnownServer(latency=lambda: chance.lognormvariate(math.log(median), SIGMA))


def _round(server: KnownServer, name: str, number: int, *, rate: float = 100, seconds: float = 1.0) -> Round:
    slot = Slot(
        target=Target(name=name, url=server.url, origin="emulator"),
        endpoint=Endpoint(name="GET /", method="GET", path="/"),
        level=Level(rate=rate, connections=200),
        number=number,
        seconds=seconds,
        phase=0.5,
    )
    return run(open_loop(slot, run="r", origin=0.0, patience=10))


def test_known_quantiles_lie_within_their_intervals() -> None:
    held = {0.5: 0, 0.9: 0}
    normal = {0.5: 0.0, 0.9: 1.2816}
    with known_server(_server()) as server:
        for number in range(EXPERIMENTS):
            (cell,) = cells([_round(server, "a", number)])
            for found in cell.quantiles:
                if found.q in held and found.estimate is not None:
                    truth = MEDIAN * 1000 * math.exp(SIGMA * normal[found.q])
                    held[found.q] += found.estimate.low <= truth <= found.estimate.high
    assert held[0.5] >= FEWEST
    assert held[0.9] >= FEWEST


def test_a_known_difference_is_shown_and_lies_within_its_interval() -> None:
    with known_server(_server(0.04)) as quick, known_server(_server(0.08, seed=2)) as slow:
        rounds = [_round(server, name, number) for number in range(3) for server, name in ((quick, "a"), (slow, "b"))]
    (median, *_) = differences(rounds)
    assert median.shown
    assert median.difference.low < 40 < median.difference.high
    assert median.ratio.low < 2 < median.ratio.high


def test_stalls_move_the_tail_as_far_as_they_must() -> None:
    """A stall of 400 ms in two seconds: of the requests in it each waits for its end, so that the slowest tenth of all
    waited for 200 ms and more.
    """
    with known_server() as server:
        threading.Timer(0.8, server.stall, [0.4]).start()
        done = _round(server, "a", 0, rate=200, seconds=2.0)
    latencies = np.array([sample.latency for sample in done.samples]) / 1000
    assert 170 <= np.quantile(latencies, 0.9) <= 260
    assert 380 <= latencies.max() <= 600
    assert np.quantile(latencies, 0.5) < 50
