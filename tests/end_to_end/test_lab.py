"""The lab on a deployment of both clouds: what it forces leaves no trace, and what the clouds say was used is read."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from pulumi import automation

from lab.cold_starts.measure import ColdMeasurement
from lab.cold_starts.words import METHODS
from lab.load.precise_loop import run
from lab.scenario import Endpoint
from lab.targets import Target
from lab.usage.usage import Usage
from lab.usage.words import SOURCES
from tools.sandbox import Sandbox, outputs

CLOUDS = ("aws", "cloudflare")


@dataclass(frozen=True)
class Deployment:
    """A stack and what the lab is told of it."""

    stack: automation.Stack
    targets: dict[str, Target]
    cold: dict[str, str]
    usage: dict[str, str]

    def measurement(self, cloud: str, count: int) -> ColdMeasurement:
        endpoint = Endpoint(name="GET /healthz", method="GET", path="/healthz")
        return ColdMeasurement(
            target=self.targets[cloud],
            endpoint=endpoint,
            method=METHODS.chosen(self.cold[cloud]),
            count=count,
            run="test",
        )


@pytest.fixture(scope="module")
def deployment(sandbox: Sandbox) -> Iterator[Deployment]:
    stack = sandbox.stack(sandbox.project())
    stack.up()
    found = outputs(stack)
    worker = f"{stack.get_config('cloudflareAccountId').value}:{found['cloudflare_script_name']}"
    yield Deployment(
        stack,
        {cloud: Target(name=cloud, url=found[f"{cloud}_url"].rstrip("/"), origin="emulator") for cloud in CLOUDS},
        {"aws": f"lambda-version:{found['aws_function_name']}:live", "cloudflare": f"worker-version:{worker}"},
        {"aws": f"lambda-reports:{found['aws_log_group']}", "cloudflare": f"worker-analytics:{worker}"},
    )
    stack.destroy()


@pytest.fixture(autouse=True)
def accounts(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab's clients find the clouds as everybody's do: by the environment."""
    for name, value in sandbox.environment.items():
        if name.startswith(("AWS_", "CLOUDFLARE_")):
            monkeypatch.setenv(name, value)


def changed(stack: automation.Stack) -> list[str]:
    """What a preview would change, once the state has been compared with the clouds."""
    touched: list[str] = []

    def note(event: automation.EngineEvent) -> None:
        step = event.resource_pre_event
        if step is not None and step.metadata.op not in (
            automation.OpType.SAME, automation.OpType.READ, automation.OpType.REFRESH,
        ):  # fmt: skip
            touched.append(f"{step.metadata.op} {step.metadata.urn} {step.metadata.diffs}")

    stack.preview(refresh=True, on_event=note)
    return touched


@pytest.mark.parametrize("cloud", CLOUDS)
def test_forced_cold_starts_are_cold(deployment: Deployment, cloud: str) -> None:
    measurement = deployment.measurement(cloud, 2)
    run(measurement.measure(lambda _: None, seconds=100))
    result = measurement.result
    assert (len(result.values), result.problem) == (2, None)
    assert result.warm_p50 is not None
    assert min(result.values) > result.warm_p50, "starting an instance takes time"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_interrupt_keeps_what_was_measured(deployment: Deployment, cloud: str) -> None:
    measurement = deployment.measurement(cloud, 5)

    async def interrupted() -> None:
        task = asyncio.ensure_future(measurement.measure(lambda _: None, seconds=100))
        while not measurement.cold:  # noqa: ASYNC110 - it grows while it is measured
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)  # in the middle of the next one
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(interrupted())
    assert measurement.result.values
    assert "of 5 cold starts" in str(measurement.result.problem)


def test_whole_and_interrupted_alike_have_left_no_drift(deployment: Deployment) -> None:
    assert changed(deployment.stack) == []


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_cloud_says_what_was_used(deployment: Deployment, cloud: str) -> None:
    since = datetime.datetime.now(datetime.UTC)
    url = f"{deployment.targets[cloud].url}/echo"
    statuses = {httpx.post(url, json={"number": number}).status_code for number in range(20)}
    used = asyncio.run(_used(deployment, cloud, since))
    assert statuses == {200}
    assert used.requests == 20
    assert used.figures["wall_ms"] > 0
    if cloud == "cloudflare":
        assert 0 < used.figures["cpu_ms"] <= used.figures["wall_ms"]
    else:
        assert used.figures["memory_mb"] >= 128


async def _used(deployment: Deployment, cloud: str, since: datetime.datetime) -> Usage:
    """Logs are written a moment after the answers."""
    for _ in range(50):
        found = await SOURCES.chosen(deployment.usage[cloud]).read(cloud, since, datetime.datetime.now(datetime.UTC))
        if found is not None and found.requests >= 20:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"{cloud} has told no use of 20 requests, but {found}")
