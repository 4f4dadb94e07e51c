"""What is put back on AWS, whatever happens: with a client in memory that behaves as Lambda's."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lab.cold_starts.lambda_version import MARK, LambdaVersion
from lab.errors import ColdStartRefusedError

BEFORE = {"Description": "an API", "alias": "3", "versions": ["3"]}


@dataclass
class Lambda:
    """A function with one alias. `denied` is an operation that AWS refuses, from its so-manieth call on."""

    description: str = "an API"
    alias: str = "3"
    versions: dict[str, str] = field(default_factory=lambda: {"3": ""})
    weights: dict[str, float] = field(default_factory=dict)
    denied: dict[str, int] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    _next: int = 4

    @property
    def state(self) -> dict[str, Any]:
        return {"Description": self.description, "alias": self.alias, "versions": list(self.versions)}

    async def reached(self, calls: int) -> None:
        """Returns in the middle of that call."""
        while len(self.calls) < calls:  # noqa: ASYNC110 - the calls are made in threads
            await asyncio.sleep(0)

    def _called(self, operation: str) -> None:
        self.calls.append(operation)
        time.sleep(0.005)
        if operation in self.denied and self.calls.count(operation) > self.denied[operation]:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, operation)

    def get_alias(self, **_: str) -> dict[str, Any]:
        self._called("GetAlias")
        return {"FunctionVersion": self.alias, "RoutingConfig": {"AdditionalVersionWeights": self.weights}}

    def get_function_configuration(self, Qualifier: str = "", **_: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        self._called("GetFunctionConfiguration")
        return {"Description": self.description, "LastUpdateStatus": "Successful", "State": "Active"}

    def update_function_configuration(self, Description: str, **_: str) -> None:  # noqa: N803 - AWS's name
        self._called("UpdateFunctionConfiguration")
        self.description = Description

    def publish_version(self, Description: str, **_: str) -> dict[str, str]:  # noqa: N803 - AWS's name
        self._called("PublishVersion")
        self.versions[str(self._next)] = Description
        self._next += 1
        return {"Version": str(self._next - 1)}

    def update_alias(self, FunctionVersion: str, **_: str) -> None:  # noqa: N803 - AWS's name
        self._called("UpdateAlias")
        assert FunctionVersion in self.versions
        self.alias = FunctionVersion

    def list_versions_by_function(self, **_: str) -> dict[str, Any]:
        self._called("ListVersionsByFunction")
        latest = {"Version": "$LATEST", "Description": self.description}
        return {"Versions": [latest, *({"Version": v, "Description": d} for v, d in self.versions.items())]}

    def delete_function(self, Qualifier: str, **_: str) -> None:  # noqa: N803 - AWS's name
        self._called("DeleteFunction")
        if self.alias == Qualifier:
            message = "Unable to delete version because an alias points to it."
            raise ClientError({"Error": {"Code": "ResourceConflictException", "Message": message}}, "DeleteFunction")
        del self.versions[Qualifier]


async def forced(function: Lambda, count: int = 2, stop_after: int = 99) -> list[str]:
    """The alias's version each time that it was forced."""
    seen: list[str] = []
    async with LambdaVersion("f", "live", lambda: function).forced(count) as times:
        async for _ in times:
            seen.append(function.alias)
            if len(seen) == stop_after:
                raise RuntimeError
    return seen


def test_each_time_the_alias_points_to_a_version_of_its_own_and_in_the_end_nothing_has_changed() -> None:
    function = Lambda()
    assert asyncio.run(forced(function, 3)) == ["4", "5", "6"]
    assert function.state == BEFORE


def test_an_error_in_between_puts_back_the_same() -> None:
    function = Lambda()
    with pytest.raises(RuntimeError):
        asyncio.run(forced(function, stop_after=1))
    assert function.state == BEFORE


@pytest.mark.parametrize("operation", ["UpdateFunctionConfiguration", "PublishVersion", "UpdateAlias"])
def test_what_aws_refuses_is_told_and_the_rest_put_back(operation: str) -> None:
    function = Lambda(denied={operation: 0})
    with pytest.raises(ColdStartRefusedError, match=operation) as refused:
        asyncio.run(forced(function))
    assert function.state == BEFORE
    assert "is not as it was" not in str(refused.value)


def test_what_cannot_be_put_back_is_told_with_how_it_was() -> None:
    function = Lambda(denied={"UpdateAlias": 1})
    with pytest.raises(ColdStartRefusedError, match="alias live pointed to version 3"):
        asyncio.run(forced(function))
    assert (function.description, function.alias) == ("an API", "4")


def test_an_interrupt_in_the_middle_of_a_change_puts_back_the_same() -> None:
    for calls in range(1, 14):
        function = Lambda()
        asyncio.run(_interrupted(function, calls))
        assert function.state == BEFORE, f"interrupted in call {calls}: {function.calls}"


async def _interrupted(function: Lambda, calls: int) -> None:
    task = asyncio.ensure_future(forced(function))
    await function.reached(calls)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_an_alias_that_divides_requests_is_left_alone() -> None:
    function = Lambda(weights={"2": 0.1})
    with pytest.raises(ColdStartRefusedError, match="divides its requests"):
        asyncio.run(forced(function))
    assert function.calls == ["GetAlias", "GetFunctionConfiguration"]


def test_what_a_killed_run_has_left_is_told() -> None:
    with pytest.raises(ColdStartRefusedError, match="pulumi up --refresh"):
        asyncio.run(forced(Lambda(description=f"{MARK} (1 2)")))
