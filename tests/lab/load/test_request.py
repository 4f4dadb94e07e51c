"""One request: its phases, and every way in which a target can misbehave."""

import socket

import pytest

from lab.load.precise_loop import run
from lab.load.request import ask, send_one
from lab.samples import Sample
from lab.scenario import Endpoint
from lab.targets import Target
from tests.lab.known_server import KnownServer, known_server


def _sent(url: str, path: str, method: str = "GET", patience: float = 5) -> Sample:
    endpoint = Endpoint(name=f"{method} {path}", method=method, path=path)
    return run(send_one(Target(name="a", url=url, origin="emulator"), endpoint, run="r", patience=patience))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/garbage", "garbage"),
        ("/redirect", "redirected"),
        ("/truncated", "truncated"),
        ("/reset", "reset"),
        ("/missing", "status-404"),
    ],
)
def test_what_goes_wrong_has_a_kind(path: str, kind: str) -> None:
    with known_server() as server:
        assert _sent(server.url, path).error == kind


def test_an_answer_that_does_not_come_is_a_timeout_as_long_as_the_patience() -> None:
    with known_server() as server:
        sample = _sent(server.url, "/silent", patience=0.3)
    assert sample.error == "timeout"
    assert 300_000 <= sample.latency < 2_000_000


def test_a_closed_port_is_refused_and_a_name_that_is_none_is_not_found() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert _sent(f"http://127.0.0.1:{taken.getsockname()[1]}", "/").error == "refused"
    assert _sent("http://no-such-host.invalid", "/").error == "no-name"


@pytest.mark.parametrize(("path", "received"), [("/", 2), ("/chunked", 5), ("/until-close", 5), ("/close", 2)])
def test_every_way_to_end_a_body_is_understood(path: str, received: int) -> None:
    with known_server() as server:
        sample = _sent(server.url, path)
    assert (sample.error, sample.status, sample.received) == ("", 200, received)


def test_an_answer_to_head_has_no_body() -> None:
    with known_server() as server:
        assert _sent(server.url, "/", "HEAD").error == ""


def test_phases_add_up_to_the_service_time_and_say_who_answered() -> None:
    with known_server(KnownServer(latency=lambda: 0.05, instance="abc")) as server:
        sample = _sent(server.url, "/")
    assert (sample.instance, sample.instance_requests) == ("abc", 1)
    assert sample.name == -1, "an address that is a number takes no resolution"
    assert sample.tls == -1
    assert sample.connect > 0
    assert 50_000 <= sample.first_byte <= sample.service
    assert sample.connect + sample.first_byte + sample.body <= sample.service


def test_the_body_can_be_had() -> None:
    with known_server() as server:
        endpoint = Endpoint(name="h", method="GET", path="/healthz")
        _, answer = run(ask(Target(name="a", url=server.url, origin="emulator"), endpoint, run="r"))
    assert answer is not None
    assert b'"region": "here"' in answer.body
