"""Cold starts are counted by what clients see, whatever forces them."""

import sys
from pathlib import Path
from time import perf_counter

import pytest

from lab.cold_starts.measure import ColdMeasurement
from lab.cold_starts.words import METHODS
from lab.errors import ColdStartRefusedError
from lab.latency import ColdStarts
from lab.load.precise_loop import run
from lab.scenario import Endpoint
from lab.targets import Target
from tests.lab.known_server import KnownServer, known_server


def _measured(server: KnownServer, words: str, count: int = 3) -> ColdStarts:
    measurement = ColdMeasurement(
        target=Target(name="a", url=server.url, origin="emulator"),
        endpoint=Endpoint(name="e", method="GET", path="/"),
        method=METHODS.chosen(words),
        count=count,
        run="r",
    )
    run(measurement.measure(lambda _: None, seconds=20))
    return measurement.result


@pytest.fixture
def restarting(tmp_path: Path) -> tuple[KnownServer, str]:
    """A server that counts from 1 again after a command: the platform's new instance."""
    mark = tmp_path / "restart"

    server = KnownServer()

    def latency() -> float:
        if mark.exists():
            mark.unlink()
            server.requests = 1
            return 0.05
        return 0.001

    server.latency = latency
    return server, f"command:{sys.executable} -c \"open('{mark}', 'w')\""


def test_the_first_answer_of_a_new_instance_counts(restarting: tuple[KnownServer, str]) -> None:
    server, words = restarting
    with known_server(server):
        found = _measured(server, words)
    assert (len(found.values), found.asked, found.problem) == (3, 3, None)
    assert min(found.values) >= 50
    assert found.warm_p50 is not None
    assert found.warm_p50 < 50
    assert "-c" in found.description


def test_those_of_a_burst_that_met_new_instances_count() -> None:
    server = KnownServer()
    seen = 0

    def latency() -> float:
        nonlocal seen
        seen += 1
        if 10 < seen <= 13:  # after the warm ones
            server.requests = 1
        return 0.0

    server.latency = latency
    with known_server(server):
        found = _measured(server, "burst:4")
    assert (len(found.values), found.asked, found.problem) == (3, 4, None)


def test_an_instance_that_ended_while_nothing_was_asked_counts() -> None:
    server = KnownServer()
    last = perf_counter()

    def latency() -> float:
        nonlocal last
        before, last = last, perf_counter()
        if last - before > 0.3:
            server.requests = 1
        return 0.0

    server.latency = latency
    with known_server(server):
        found = _measured(server, "idle:0.4", count=2)
    assert (len(found.values), found.asked, found.problem) == (2, 2, None)


def test_a_request_that_met_an_old_instance_does_not_count() -> None:
    with known_server() as server:
        found = _measured(server, "burst:4")
    assert (found.values, found.asked) == ((), 12)
    assert found.problem == "none of 3 cold starts, 12 requests: 3 times in a row no new instance answered"


def test_without_the_marker_nothing_is_claimed() -> None:
    with known_server(KnownServer(instance="")) as server:
        found = _measured(server, "burst:4")
    assert found.asked == 0
    assert "x-instance" in str(found.problem)


def test_a_target_that_is_down_is_not_said_to_lack_the_marker() -> None:
    with known_server() as server:
        pass
    assert _measured(server, "burst:4").problem == "e: the connection was refused"


def test_a_command_that_fails_is_the_problem() -> None:
    with known_server() as server:
        found = _measured(server, f"command:{sys.executable} -c 'raise SystemExit(3)'")
    assert "ended with 3" in str(found.problem)


@pytest.mark.parametrize("words", ["", "burst", "burst:1", "burst:x", "idle:-1", "lambda-version:f", "teleport:1"])
def test_a_word_that_is_none_is_refused_with_what_is_valid(words: str) -> None:
    with pytest.raises(ColdStartRefusedError) as refused:
        METHODS.chosen(words)
    assert any(form.partition(":")[0] in str(refused.value) for form, _ in METHODS.forms.values())
