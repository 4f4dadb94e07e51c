"""`lambda-version:FUNCTION:ALIAS`: a newly published version of an AWS Lambda function behind its alias.

Endpoint, region and credentials are those of the usual AWS variables and files. The caller needs on the function
lambda:GetFunctionConfiguration, UpdateFunctionConfiguration, PublishVersion, GetAlias, UpdateAlias and DeleteFunction.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from lab.errors import ColdStartRefusedError

VARIABLE: Final = "PARALLAX_LAB_COLD_START"
_POLL_SECONDS = 0.2
_ACTIVE_SECONDS = 300
"""For SnapStart's snapshot, some minutes: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html"""


class LambdaVersion:
    """Publishing takes a change of code or configuration, so a variable is added that nobody reads; in the end
    variables and alias are as they were, and the versions are deleted.
    """

    name = "lambda-version"
    together = 1

    def __init__(self, function: str, alias: str, connect: Callable[[], Any] | None = None) -> None:
        self._function, self._alias = function, alias
        self._connect = connect or _client
        self.description = (
            f"A new version of the function {function} was published, which differs by a variable {VARIABLE} that "
            f"its code does not read, and the alias {alias} pointed to it; the next request counts. Alias and "
            "variables were put back, and the versions deleted."
        )

    @asynccontextmanager
    async def forced(self, count: int) -> AsyncIterator[AsyncIterator[None]]:
        """Publishes before each. Raises ColdStartRefusedError with what AWS says."""
        client = await asyncio.to_thread(self._connect)
        before = await self._call(client.get_alias, Name=self._alias)
        variables = _variables(await self._call(client.get_function_configuration))
        published: list[str] = []

        async def times() -> AsyncIterator[None]:
            for number in range(1, count + 1):
                published.append(await self._publish(client, {**variables, VARIABLE: str(number)}))
                await self._point(client, published[-1])
                yield

        try:
            yield times()
        finally:
            await asyncio.shield(self._restore(client, before, variables, published))

    async def _publish(self, client: Any, variables: Mapping[str, str]) -> str:
        await self._call(client.update_function_configuration, Environment={"Variables": variables})
        await self._settled(client, None, "LastUpdateStatus", "Successful")
        version = (await self._call(client.publish_version))["Version"]
        await self._settled(client, version, "State", "Active")
        return str(version)

    async def _settled(self, client: Any, version: str | None, field: str, wanted: str) -> None:
        qualifier = {"Qualifier": version} if version else {}
        for _ in range(round(_ACTIVE_SECONDS / _POLL_SECONDS)):
            found = await self._call(client.get_function_configuration, **qualifier)
            if found.get(field, wanted) == wanted:
                return
            if found.get(field) == "Failed":
                raise ColdStartRefusedError(f"version {version} of {self._function} failed: {found.get('StateReason')}")
            await asyncio.sleep(_POLL_SECONDS)
        raise ColdStartRefusedError(f"version {version} of {self._function} was not active after {_ACTIVE_SECONDS} s")

    async def _point(self, client: Any, version: str) -> None:
        await self._call(client.update_alias, Name=self._alias, FunctionVersion=version)

    async def _restore(
        self, client: Any, before: Mapping[str, Any], variables: Mapping[str, str], published: list[str]
    ) -> None:
        if not published:
            return
        await self._point(client, before["FunctionVersion"])
        await self._call(client.update_function_configuration, Environment={"Variables": variables})
        await self._settled(client, None, "LastUpdateStatus", "Successful")
        for version in published:
            await self._call(client.delete_function, Qualifier=version)

    async def _call(self, operation: Callable[..., Any], **parameters: Any) -> dict[str, Any]:
        try:
            return dict(await asyncio.to_thread(operation, FunctionName=self._function, **parameters) or {})
        except (BotoCoreError, ClientError) as error:
            raise ColdStartRefusedError(f"AWS Lambda: {error}") from error


def _variables(configuration: Mapping[str, Any]) -> Mapping[str, str]:
    """Raises ColdStartRefusedError where they may not be read: they could not be put back."""
    environment = configuration.get("Environment", {})
    if environment.get("Error"):
        raise ColdStartRefusedError(
            f"AWS Lambda: the function's variables cannot be read: {environment['Error']['Message']}"
        )
    return dict(environment.get("Variables", {}))


def _client() -> Any:
    import boto3  # noqa: PLC0415 - nobody else waits for it

    try:
        return boto3.client("lambda")
    except BotoCoreError as error:
        raise ColdStartRefusedError(f"AWS: {error}") from error
