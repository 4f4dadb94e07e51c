"""What an application asks for is built or refused, never ignored."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from app.spec import AppSpec, Queue, Schedule, Secret, State, Step, Stream, TextModel, Workflow
from components.capabilities import CAPABILITIES, require_capabilities
from components.errors import CapabilityMissingError

ASKED: dict[str, Any] = {
    "text_model": TextModel(model="small"),
    "state": State(name="jobs"),
    "secrets": (Secret(name="token", meaning="What opens the door."),),
    "schedules": (Schedule(name="nightly", cron="0 3 * * *", handler="jobs:run"),),
    "queues": (Queue(name="work", handler="jobs:run"),),
    "streams": (Stream(name="events", handler="jobs:run"),),
    "workflows": (Workflow(name="order", steps=(Step(name="pay", handler="jobs:pay"),)),),
}


def _spec(**asked: Any) -> AppSpec:
    return AppSpec(name="shop", application="shop.web:app", **asked)


def test_every_field_of_a_spec_that_asks_for_something_is_known() -> None:
    plain = {"name", "application", "routes", "environment"}
    assert {field.name for field in dataclasses.fields(AppSpec)} - plain == set(CAPABILITIES) == set(ASKED)


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_what_a_target_does_not_build_is_refused_by_name(capability: str) -> None:
    with pytest.raises(
        CapabilityMissingError, match=rf"aws does not build {capability}\b.*\[CapabilityMissing\]"
    ) as caught:
        require_capabilities(_spec(**{capability: ASKED[capability]}), {"aws": frozenset()})
    assert caught.value.missing == {"aws": (capability,)}


def test_each_target_answers_for_itself() -> None:
    offered = {"aws": frozenset({"state", "queues"}), "cloudflare": frozenset({"state"})}
    require_capabilities(_spec(), offered)
    require_capabilities(_spec(state=ASKED["state"]), offered)
    with pytest.raises(CapabilityMissingError) as caught:
        require_capabilities(_spec(**ASKED), offered)
    assert set(caught.value.missing) == {"aws", "cloudflare"}
    assert "queues" not in caught.value.missing["aws"]
    assert "queues" in caught.value.missing["cloudflare"]
