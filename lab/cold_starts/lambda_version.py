"""`lambda-version:FUNCTION:ALIAS`: a newly published version of an AWS Lambda function behind its alias.

Endpoint, region and credentials are those of the usual AWS variables and files. The caller needs on the function
lambda:GetFunctionConfiguration, UpdateFunctionConfiguration, PublishVersion, ListVersionsByFunction, GetAlias,
UpdateAlias and DeleteFunction.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from lab.cold_starts.finished import finished
from lab.errors import ColdStartRefusedError

MARK: Final = "Cold start forced by the lab"
_POLL_SECONDS: Final = 0.2
_ACTIVE_SECONDS: Final = 600
"""For SnapStart's snapshot, some minutes: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html"""


class LambdaVersion:
    """A version is published only where code or configuration differ from the version before
    (https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html), so the description is changed, which code
    does not see; https://github.com/alexcasalboni/aws-lambda-power-tuning (lambda/utils.js) does the same. In the end
    description and alias are as they were, and the versions are deleted.
    """

    name = "lambda-version"
    together = 1
    settles = 30.0

    def __init__(self, function: str, alias: str, connect: Callable[[], Any] | None = None) -> None:
        self._function, self._alias = function, alias
        self._connect = connect or _client
        self.description = (
            f"A new version of the function {function}, which differs by its description only, was published, and once "
            f"it was active (with its snapshot, where the function has SnapStart) the alias {alias} pointed to it; the "
            "first request to it counts. Alias and description were put back, and the versions deleted."
        )

    @asynccontextmanager
    async def forced(self, count: int) -> AsyncIterator[AsyncIterator[None]]:
        """Publishes before each. Raises ColdStartRefusedError with what AWS says."""
        client = await asyncio.to_thread(self._connect)
        alias = await self._call(client.get_alias, Name=self._alias)
        description = (await self._call(client.get_function_configuration)).get("Description", "")
        self._check(alias, description)
        mark = f"{MARK} ({secrets.token_hex(4)}"

        async def times() -> AsyncIterator[None]:
            for number in range(1, count + 1):
                await self._point(client, await self._publish(client, f"{mark} {number})"))
                yield

        try:
            yield times()
        finally:
            await finished(self._restore(client, alias["FunctionVersion"], description, mark))

    def _check(self, alias: Mapping[str, Any], description: str) -> None:
        if alias.get("RoutingConfig", {}).get("AdditionalVersionWeights"):
            raise ColdStartRefusedError(
                f"the alias {self._alias} of {self._function} divides its requests between versions, so that they "
                "cannot be led to a new one; nothing was changed. Name an alias of one version, or finish the shift"
            )
        if description.startswith(MARK):
            raise ColdStartRefusedError(
                f"an earlier run was killed before it could put back {self._function}: its description is "
                f"{description!r}. Deploy it anew (with Pulumi: pulumi up --refresh), then try again"
            )

    async def _publish(self, client: Any, description: str) -> str:
        await self._describe(client, description)
        version = str((await self._call(client.publish_version, Description=description))["Version"])
        await self._settled(client, "State", "Active", Qualifier=version)
        return version

    async def _describe(self, client: Any, description: str) -> None:
        await self._call(client.update_function_configuration, Description=description)
        await self._settled(client, "LastUpdateStatus", "Successful")

    async def _settled(self, client: Any, field: str, wanted: str, **qualifier: str) -> None:
        what = f"version {qualifier['Qualifier']} of {self._function}" if qualifier else self._function
        for _ in range(round(_ACTIVE_SECONDS / _POLL_SECONDS)):
            found = await self._call(client.get_function_configuration, **qualifier)
            if found.get(field, wanted) == wanted:
                return
            if found[field] == "Failed":
                reason = found.get("StateReason") or found.get("LastUpdateStatusReason")
                raise ColdStartRefusedError(f"AWS Lambda: {what} failed: {reason}")
            await asyncio.sleep(_POLL_SECONDS)
        raise ColdStartRefusedError(f"AWS Lambda: {what} was not {wanted} after {_ACTIVE_SECONDS} s")

    async def _point(self, client: Any, version: str) -> None:
        await self._call(client.update_alias, Name=self._alias, FunctionVersion=version)

    async def _restore(self, client: Any, version: str, description: str, mark: str) -> None:
        """Each step, whatever became of the one before. Raises ColdStartRefusedError with what is not as it was."""
        failed: list[str] = []
        for step in (
            self._settled(client, "LastUpdateStatus", "Successful"),
            self._point_back(client, version),
            self._describe_back(client, description),
            self._delete(client, mark),
        ):
            try:
                await step
            except ColdStartRefusedError as error:
                failed.append(str(error))
        if failed:
            raise ColdStartRefusedError(
                f"{self._function} is not as it was: its alias {self._alias} pointed to version {version}, its "
                f"description was {description!r}, and versions described as {mark!r}… are to be deleted. "
                f"{'; '.join(failed)}"
            )

    async def _point_back(self, client: Any, version: str) -> None:
        if (await self._call(client.get_alias, Name=self._alias))["FunctionVersion"] != version:
            await self._point(client, version)

    async def _describe_back(self, client: Any, description: str) -> None:
        if (await self._call(client.get_function_configuration)).get("Description", "") != description:
            await self._describe(client, description)

    async def _delete(self, client: Any, mark: str) -> None:
        """By what they are called: one that was published while the run was interrupted is among them."""
        page: Mapping[str, str] = {}
        while True:
            found = await self._call(client.list_versions_by_function, **page)
            for version in found["Versions"]:
                if version["Version"] != "$LATEST" and version.get("Description", "").startswith(mark):
                    await self._call(client.delete_function, Qualifier=version["Version"])
            if not found.get("NextMarker"):
                return
            page = {"Marker": found["NextMarker"]}

    async def _call(self, operation: Callable[..., Any], **parameters: Any) -> dict[str, Any]:
        try:
            answer = await finished(asyncio.to_thread(operation, FunctionName=self._function, **parameters))
        except (BotoCoreError, ClientError) as error:
            raise ColdStartRefusedError(f"AWS Lambda: {error}") from error
        return dict(answer or {})


def _client() -> Any:
    import boto3  # noqa: PLC0415 - nobody else waits for it

    try:
        return boto3.client("lambda")
    except BotoCoreError as error:
        raise ColdStartRefusedError(f"AWS: {error}") from error
