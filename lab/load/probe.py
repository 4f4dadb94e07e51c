"""A first look at a target, before load: what answers there at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from lab.latency import TargetState
from lab.load.connection import Answer
from lab.load.outcome import in_words
from lab.load.request import ask
from lab.samples import Sample
from lab.scenario import Endpoint
from lab.targets import Target

_DOWN = {"refused", "no-name", "unreachable", "tls", "connect-timeout"}
_LONGEST_LOCATION = 200
_HEALTH = Endpoint(name="GET /healthz", method="GET", path="/healthz")


async def probe(target: Target, endpoints: Sequence[Endpoint], *, run: str, patience: float = 10.0) -> TargetState:
    """One request of each endpoint, one after the other. Down: nothing takes connections; failing: an endpoint does not
    answer as it should.
    """
    problems: list[str] = []
    state: Literal["ok", "failing", "down"] = "ok"
    for endpoint in endpoints:
        sample, answer = await ask(target, endpoint, run=run, patience=patience)
        if not sample.error:
            continue
        problems.append(_sentence(endpoint, sample, answer, patience))
        state = "failing"
        if sample.error in _DOWN:
            state = "down"
            break
        if sample.error == "timeout":  # the others would each take as long
            break
    health = {} if state == "down" else await _health(target, run, patience)
    return TargetState(
        name=target.name, url=target.url, origin=target.origin, state=state, problems=tuple(problems),
        cloud=_text(health, "cloud"), region=_text(health, "region"), version=_text(health, "version"),
    )  # fmt: skip


def _sentence(endpoint: Endpoint, sample: Sample, answer: Answer | None, patience: float) -> str:
    words = in_words(sample.error)
    if sample.error == "redirected" and answer is not None:
        words = f"the answer is a redirect to {_place(answer)}, which is not followed"
    if sample.error in ("timeout", "connect-timeout"):
        words += f" ({patience:g} s)"
    if sample.status == 405 and answer is not None and "allow" in answer.headers:
        words += f"; it says that it takes {answer.headers['allow'][:_LONGEST_LOCATION]}"
    return f"{endpoint.name}: {words}"


def _place(answer: Answer) -> str:
    """Where a redirect leads, without a query: that may hold what is nobody's business."""
    place = answer.headers.get("location", "").partition("?")[0][:_LONGEST_LOCATION]
    return repr(place) if place else "nowhere"


async def _health(target: Target, run: str, patience: float) -> dict[str, Any]:
    sample, answer = await ask(target, _HEALTH, run=run, patience=patience)
    if sample.error or answer is None:
        return {}
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text(health: dict[str, Any], name: str) -> str | None:
    value = health.get(name)
    return value[:100] if isinstance(value, str) else None
