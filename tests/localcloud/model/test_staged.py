"""A model that is told to be slow or to fail, and the file by which it is told."""

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import pytest

from localcloud.model import Chat, CurrentModel, End, Message, ModelError
from localcloud.model.local import LocalModel
from localcloud.model.settings import FAILURES, ModelSettings, ModelSettingsError, load, save
from localcloud.model.staged import StagedModel

pytestmark = pytest.mark.anyio
CHAT = Chat((Message("user", "Hello"),), 20, 24_000)


async def outcome(model: Any, *, stream: bool = False) -> str:
    try:
        if stream:
            return "".join([piece async for piece in model.stream(CHAT) if isinstance(piece, str)])
        return str((await model.complete(CHAT)).text)
    except ModelError as error:
        return error.kind


def staged(**settings: Any) -> StagedModel:
    return StagedModel(LocalModel(), ModelSettings(**settings))


@pytest.mark.parametrize("stream", [False, True])
async def test_latency_and_pace(stream: bool) -> None:
    model = staged(latency_ms=100, tokens_per_second=200)
    started = time.monotonic()
    await outcome(model, stream=stream)
    assert 0.18 <= time.monotonic() - started < 1


async def test_the_first_token_comes_after_the_latency_and_not_later() -> None:
    pieces = staged(latency_ms=50, tokens_per_second=2).stream(CHAT)
    started = time.monotonic()
    await anext(pieces)
    assert 0.05 <= time.monotonic() - started < 0.4


@pytest.mark.parametrize(("share", "expected"), [(0.25, 5), (0.5, 10), (1 / 3, 6), (1.0, 20), (0.0, 0)])
async def test_a_share_is_throttled_evenly(share: float, expected: int) -> None:
    model = staged(throttle=share)
    seen = [await outcome(model, stream=bool(number % 2)) == "throttled" for number in range(20)]
    assert sum(seen) == expected
    if expected == 5:
        assert seen == ([False] * 3 + [True]) * 5


@pytest.mark.parametrize("kind", FAILURES)
async def test_the_next_calls_fail(kind: Any) -> None:
    model = staged(fail=kind, times=2)
    seen = [await outcome(model, stream=bool(number % 2)) for number in range(4)]
    assert seen[:2] == [kind, kind]
    assert seen[2] == seen[3] != kind


async def test_a_stream_fails_half_way() -> None:
    stream = staged(fail="unavailable", after_tokens=3).stream(CHAT)
    assert [isinstance(await anext(stream), str) for _ in range(3)] == [True] * 3
    with pytest.raises(ModelError, match="told to fail"):
        await anext(stream)


async def test_what_the_file_says_counts_from_the_next_call_on(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    model = CurrentModel(file)
    said = await outcome(model)
    save(file, ModelSettings(fail="refused", times=1))
    assert [await outcome(model) for _ in range(2)] == ["refused", said]
    save(file, ModelSettings(fail="refused", times=1))  # said again
    assert await outcome(model, stream=True) == "refused"
    save(file, ModelSettings(fail="denied"))
    assert await outcome(model) == "denied"
    file.write_text("{")
    assert await outcome(model) == "denied"
    file.unlink()
    assert await outcome(model) == said
    assert await outcome(CurrentModel()) == said


async def test_another_setting_does_not_ask_for_the_failure_again(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    model = CurrentModel(file)
    save(file, ModelSettings(fail="refused", times=2, fail_id=7))
    assert await outcome(model) == "refused"
    save(file, ModelSettings(fail="refused", times=2, fail_id=7, latency_ms=1))
    assert [await outcome(model) == "refused" for _ in range(2)] == [True, False]
    save(file, ModelSettings(fail="refused", times=2, fail_id=8))
    assert await outcome(model) == "refused"


async def test_a_stream_that_runs_goes_on_as_it_began(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    pieces = CurrentModel(file).stream(CHAT)
    first = await anext(pieces)
    save(file, ModelSettings(fail="unavailable"))
    rest = [piece async for piece in pieces]
    assert isinstance(first, str)
    assert isinstance(rest[-1], End)


def test_the_file_is_private_and_read_as_written(tmp_path: Path) -> None:
    settings = ModelSettings(5, 10.0, 0.5, "failed", 3, 2, 9, "http://127.0.0.1:1/v1", "m", "/key")
    save(tmp_path / "m.json", settings)
    assert (tmp_path / "m.json").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["m.json"]  # noqa: PTH208 - no temporary file is left
    assert load(tmp_path / "m.json") == settings
    assert load(tmp_path / "none.json") == ModelSettings()


@pytest.mark.parametrize(
    "document", ["[]", "{", '{"fial": "x"}', '{"fail": 1}', '{"fail": "x"}', '{"throttle": true}', '{"latency_ms": -1}',
                 '{"url": "ftp://a"}', '{"url": "http://u:p@a/v1", "model": "m"}', '{"url": "http://a/v1"}', "\x80"]
)  # fmt: skip
def test_a_file_that_makes_no_sense_says_so(tmp_path: Path, document: str) -> None:
    (tmp_path / "m.json").write_text(document)
    with pytest.raises(ModelSettingsError):
        load(tmp_path / "m.json")


async def test_cancelling_ends_the_wait() -> None:
    task = asyncio.create_task(outcome(staged(latency_ms=60_000)))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
