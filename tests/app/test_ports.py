"""The adapters in memory fit the ports, and remember what tests ask about."""

import pytest

from app.etags import ABSENT, ANY, PRESENT, WriteCondition
from app.memory import MemoryFailure, MemoryPorts, MemorySecrets, MemoryState, MemoryTextModel
from app.ports import Condition, ModelAnswer, ModelFailure, ModelPiece, Ports
from app.spec import SPEC

pytestmark = pytest.mark.anyio

# Held to the protocols by the type checker.
PORTS: Ports = MemoryPorts()
CONDITIONS: list[Condition] = [ANY, ABSENT, PRESENT, WriteCondition("versions", ["1"])]


async def test_secrets_are_known_until_they_are_reread() -> None:
    secrets = MemorySecrets({"token": "old"})
    assert await secrets.read("token") == "old"
    secrets.values["token"] = "new"
    assert (await secrets.read("token"), secrets.reads) == ("old", ["token"])
    assert await secrets.reread("token") == "new"
    assert (await secrets.read("token"), secrets.reads) == ("new", ["token", "token"])
    with pytest.raises(KeyError):
        await secrets.read("undeclared")


async def test_every_declared_secret_has_a_value() -> None:
    for secret in SPEC.secrets:
        assert await MemoryPorts().secrets.read(secret.name) == ""


async def test_a_model_says_the_same_in_one_piece_and_in_many() -> None:
    model = MemoryTextModel()
    whole = await model.answer(" Hello \n you ", 100)
    events: list[ModelPiece | ModelAnswer | ModelFailure] = [
        event async for event in model.stream(" Hello \n you ", 100)
    ]
    assert whole == events[-1]
    assert whole.kind == "answer"
    assert whole.text.endswith(" Hello \n you ")
    assert "".join(event.text for event in events if event.kind == "piece") == whole.text
    assert model.prompts == [" Hello \n you "] * 2


async def test_a_model_can_be_handed_a_failure() -> None:
    failure = MemoryFailure("throttled", retry_after=7, pieces=2)
    model = MemoryTextModel(failure)
    assert await model.answer("a", 100) == failure
    events = [event async for event in model.stream("a", 100)]
    assert [event.kind for event in events] == ["piece", "piece", "failure"]


async def test_a_state_forgets_what_is_over() -> None:
    state = MemoryState()
    assert await state.put("c", "k", "1", version="v", condition=ABSENT, now=10, expires_at=12)
    assert await state.get("c", "k", now=11) is not None
    assert await state.get("other", "k", now=11) is None
    assert await state.get("c", "k", now=12) is None
    assert state.items == {}
