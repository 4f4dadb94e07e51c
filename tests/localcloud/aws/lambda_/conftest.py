"""A Lambda service with real processes."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.lambda_.service import LambdaService
from localcloud.aws.ports import Credentials, Need, RoleSession
from localcloud.aws.protocol.service import CallContext

_CONTEXT = CallContext("us-east-1", "000000000000", "http://127.0.0.1:1")


@dataclass
class Recorder:
    """Keeps what is logged; trusts every role, and lets it do what is not in `forbidden`."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)
    forbidden: set[str] = field(default_factory=set)
    asked: list[Need] = field(default_factory=list)
    known: bool = True

    def write(self, group: str, stream: str, lines: Sequence[tuple[int, str]]) -> None:
        self.lines += [(group, stream, line) for _, line in lines]

    def has_group(self, group: str) -> bool:
        return True

    def role_trusts(self, role_arn: str, service: str) -> bool:
        return True

    async def ready(self) -> None:
        return

    def credentials(self, role_arn: str, name: str) -> Credentials:
        return Credentials("ASIATEST", f"secret of {role_arn}", f"token of {name}")

    def permits(self, session: RoleSession, need: Need) -> bool:
        self.asked.append(need)
        return need.action not in self.forbidden


@dataclass
class Cloud:
    """The service, and short ways to use it."""

    service: LambdaService
    recorder: Recorder

    async def call(self, operation: str, **params: Any) -> dict[str, Any]:
        return await self.service.call(operation, params, _CONTEXT)

    async def create(self, name: str, code: str, **params: Any) -> None:
        role, body = "arn:aws:iam::000000000000:role/x", archive(code)
        defaults = {"Runtime": "python3.13", "Role": role, "Handler": "m.h", "Code": {"ZipFile": body}, "Timeout": 10}
        await self.call("CreateFunction", FunctionName=name, **{**defaults, **params})
        await self.settled(name)

    async def publish(self, name: str) -> dict[str, Any]:
        version = (await self.call("PublishVersion", FunctionName=name))["Version"]
        return await self.settled(f"{name}:{version}")

    async def settled(self, name: str) -> dict[str, Any]:
        while True:
            found = await self.call("GetFunctionConfiguration", FunctionName=name)
            if found["State"] != "Pending" and found["LastUpdateStatus"] != "InProgress":
                return found
            await asyncio.sleep(0.01)

    async def update(self, name: str, code: str) -> None:
        await self.call("UpdateFunctionCode", FunctionName=name, ZipFile=archive(code))
        await self.settled(name)

    async def invoke(self, name: str, payload: bytes = b"{}", **params: Any) -> dict[str, Any]:
        return await self.call("Invoke", FunctionName=name, Payload=payload, **params)


def archive(code: str) -> bytes:
    """A package with one module."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("m.py", code)
    return buffer.getvalue()


def open_service(data: Path, recorder: Recorder, idle_seconds: float = 300.0) -> LambdaService:
    """A service on a folder."""
    endpoint, region, account = "http://127.0.0.1:1", "us-east-1", "000000000000"
    return LambdaService(data, recorder, recorder, recorder, endpoint, region, account, None, 3, idle_seconds)


@pytest.fixture
async def cloud(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Cloud]:
    """A parameter is the time after which idle environments end, in seconds."""
    recorder = Recorder()
    service = open_service(tmp_path, recorder, getattr(request, "param", 300.0))
    await service.start()
    yield Cloud(service, recorder)
    await service.close()
    await asyncio.sleep(0.1)  # children are reaped by the loop
