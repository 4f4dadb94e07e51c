"""A plan's rounds: what one target does wrong is its own, and it cannot hold up the others for long."""

from time import perf_counter

import pytest

from lab.load.open_loop import Slot
from lab.load.precise_loop import run
from lab.load.rounds import rounds
from lab.samples import Round
from lab.scenario import Endpoint, Level
from lab.targets import Target
from tests.lab.known_server import KnownServer, known_server


def _slots(*urls: str, connections: int = 2, method: str = "GET", many: int = 2) -> list[Slot]:
    return [
        Slot(
            target=Target(name=url, url=url, origin="emulator"),
            endpoint=Endpoint(name="e", method=method, path=""),
            level=Level(rate=40, connections=connections),
            number=number,
            seconds=0.5,
            phase=0.0,
        )
        for number in range(many)
        for url in urls
    ]


def _done(slots: list[Slot], patience: float = 5) -> dict[str, list[Round]]:
    async def collected() -> list[Round]:
        found = rounds(slots, run="r", origin=perf_counter(), patience=patience, begins=lambda _: None)
        return [one async for one in found]

    together: dict[str, list[Round]] = {}
    for one in run(collected()):
        together.setdefault(one.target, []).append(one)
    return together


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/garbage", "garbage"),
        ("/redirect", "redirected"),
        ("/truncated", "truncated"),
        ("/missing", "status-404"),
        ("/reset", "reset"),
    ],
)
def test_a_target_that_misbehaves_is_reported_as_what_it_is_and_the_others_stand(path: str, kind: str) -> None:
    with known_server(KnownServer(latency=lambda: 0.01)) as server:
        found = _done(_slots(f"{server.url}{path}", f"{server.url}/fine"))
    wrong, right = found[f"{server.url}{path}"], found[f"{server.url}/fine"]
    assert {sample.error for done in wrong for sample in done.samples} == {kind}
    assert not any(sample.error for done in right for sample in done.samples)
    assert all(sample.service >= 10_000 for done in right for sample in done.samples)


def test_a_silent_target_costs_its_patience_once() -> None:
    with known_server() as server:
        found = _done(_slots(f"{server.url}/silent", f"{server.url}/fine", connections=1, many=4), patience=3)
    assert {sample.error for done in found[f"{server.url}/silent"] for sample in done.samples} == {"timeout"}
    patiences = [max(sample.latency for sample in done.samples) for done in found[f"{server.url}/silent"]]
    assert patiences[0] >= 3_000_000
    assert all(1_000_000 <= waited < 3_000_000 for waited in patiences[1:])


def test_a_warm_up_on_each_connection_is_no_sample() -> None:
    with known_server() as server:
        found = _done(_slots(f"{server.url}/", connections=2, many=1))
        sent = server.requests
    assert sent == len(found[f"{server.url}/"][0].samples) + 2


def test_a_kept_alive_connection_that_ends_as_it_is_used_is_replaced_where_nothing_can_be_done_twice() -> None:
    with known_server() as server:
        safe = _done(_slots(f"{server.url}/fickle", connections=1, many=1))
        unsafe = _done(_slots(f"{server.url}/fickle", connections=1, many=1, method="POST"))
    assert not any(sample.error for done in safe[f"{server.url}/fickle"] for sample in done.samples)
    errors = [sample.error for done in unsafe[f"{server.url}/fickle"] for sample in done.samples]
    assert set(errors) == {"", "reset"}
    assert errors[:2] == ["", "reset"]
