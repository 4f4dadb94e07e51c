"""The first look: what a person is told of a target before anything is measured."""

import socket

import pytest

from lab.latency import TargetState
from lab.load.precise_loop import run
from lab.load.probe import probe
from lab.scenario import Endpoint
from lab.targets import Target
from tests.lab.known_server import known_server


def _state(url: str, *paths: str, patience: float = 5) -> TargetState:
    endpoints = [Endpoint(name=f"GET {path}", method="GET", path=path) for path in paths]
    return run(probe(Target(name="a", url=url, origin="emulator"), endpoints, run="r", patience=patience))


def test_a_target_that_answers_says_who_it_is() -> None:
    with known_server() as server:
        state = _state(server.url, "/", "/other")
    assert (state.state, state.problems) == ("ok", ())
    assert (state.cloud, state.region, state.version) == ("known", "here", "1")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/garbage", "what came is not HTTP"),
        ("/redirect", "a redirect to 'https://elsewhere.example/', which is not followed"),
        ("/truncated", "cut off in the middle of its body"),
        ("/missing", "had the status 404"),
        ("/reset", "closed before an answer"),
    ],
)
def test_an_endpoint_that_misbehaves_is_named_and_the_others_are_still_asked(path: str, said: str) -> None:
    with known_server() as server:
        state = _state(server.url, path, "/missing-too/missing", "/")
    assert state.state == "failing"
    assert state.problems[0].startswith(f"GET {path}: ")
    assert said in state.problems[0]
    assert "status 404" in state.problems[1]
    assert state.cloud == "known"


def test_no_answer_in_time_says_how_long_it_was_waited_for() -> None:
    with known_server() as server:
        state = _state(server.url, "/silent", "/", patience=0.3)
    assert state.state == "failing"
    assert state.problems == ("GET /silent: no whole answer came in time (0.3 s)",)


def test_a_target_that_takes_no_connections_is_down() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        state = _state(f"http://127.0.0.1:{taken.getsockname()[1]}", "/one", "/two")
    assert (state.state, state.problems) == ("down", ("GET /one: the connection was refused",))
    assert _state("http://no-such-host.invalid", "/").problems == ("GET /: the name was not found",)


def test_a_handshake_that_does_not_end_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        state = _state(f"https://127.0.0.1:{mute.getsockname()[1]}", "/", patience=0.3)
    assert state.state == "down"
    assert state.problems == ("GET /: no connection came about in time (0.3 s)",)
