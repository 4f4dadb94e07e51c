"""The local AWS, put together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

from localcloud.aws.access import Access
from localcloud.aws.access.trail import Trail
from localcloud.aws.apigatewayv2.dataplane import DataPlane
from localcloud.aws.apigatewayv2.service import ApiGatewayV2Service
from localcloud.aws.bedrock.control import BedrockService
from localcloud.aws.bedrock.runtime import BedrockRuntimeService
from localcloud.aws.dynamodb.service import DynamoDbService
from localcloud.aws.engine import Engine
from localcloud.aws.frontdoor import HOST_SUFFIX, FrontDoor
from localcloud.aws.kms.service import KmsService
from localcloud.aws.lambda_.service import LambdaService
from localcloud.aws.logs.service import LogsService
from localcloud.aws.logs.store import LogStore
from localcloud.aws.protocol import ServiceApi
from localcloud.aws.secretsmanager.service import SecretsManagerService
from localcloud.guard import Guard
from localcloud.http import Limits, Request, Response, Server, json_response, serve
from localcloud.model import CurrentModel

ACCOUNT = "123456789012"  # moto's own, so that all services agree
_BODY_BYTES = 100 * 1024 * 1024  # a function's code of 50 MB in base64, and room


@dataclass(frozen=True, slots=True)
class Settings:
    """What the process was started with."""

    port: int
    data: Path
    logs: Path
    control: str
    region: str
    runtimes: Path | None
    max_environments: int
    model: Path | None


class Application:
    """Starts all services and the front door; stops them in the opposite order."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        settings.data.mkdir(parents=True, exist_ok=True)
        self._logs = LogStore(settings.data / "logs.sqlite3", settings.logs / "functions.log")
        self._engine = Engine(settings.data, ACCOUNT)
        self._access = Access(self._engine, Trail(settings.logs / "access.jsonl"), ACCOUNT)
        self._door: FrontDoor | None = None
        self._lambda: LambdaService | None = None
        self._apis: ApiGatewayV2Service | None = None
        self._keys: KmsService | None = None
        self._secrets: SecretsManagerService | None = None
        self._tables: DynamoDbService | None = None
        self._servers: list[Server] = []

    async def start(self) -> int:
        """Serves; the port. Raises OSError where the port is taken, KeyFileError where keys cannot be opened; `close`
        ends what was started."""
        settings = self._settings
        server = await serve(self._handle, port=settings.port, limits=Limits(body_bytes=_BODY_BYTES))
        self._servers.append(server)
        self._engine.start()
        endpoint = f"http://127.0.0.1:{server.port}"
        functions = LambdaService(
            data=settings.data / "lambda",
            logs=self._logs,
            identity=self._engine,
            rights=self._access,
            endpoint=endpoint,
            region=settings.region,
            account=ACCOUNT,
            runtimes=settings.runtimes,
            max_environments=settings.max_environments,
        )
        await functions.start()
        self._lambda = functions
        self._keys = KmsService(settings.data / "kms", ACCOUNT)
        secrets = settings.data / "secretsmanager" / "secretsmanager.sqlite3"
        self._secrets = SecretsManagerService(secrets, self._keys, self._access, ACCOUNT)
        data_plane = DataPlane(functions, self._logs)
        self._apis = ApiGatewayV2Service(settings.data, data_plane, self._logs, ACCOUNT)
        loader = Loader()
        bedrock = (BedrockService(), BedrockRuntimeService(CurrentModel(settings.model)))
        self._tables = DynamoDbService(settings.data)
        self._tables.start()
        logs = LogsService(self._logs)
        services = (functions, self._apis, logs, self._keys, self._secrets, self._tables, *bedrock)
        self._door = FrontDoor(
            guard=Guard(server.port, (HOST_SUFFIX,)),
            data_plane=data_plane,
            apis={service.name: ServiceApi(service, loader, self._access) for service in services},
            engine=self._engine,
            access=self._access,
            account=ACCOUNT,
        )
        self._servers.append(await serve(self._status, socket_path=settings.control))
        return server.port

    async def close(self) -> None:
        """Ends everything, with what is in flight finished where it is quick."""
        await asyncio.gather(*(server.close(1.0) for server in self._servers))
        if self._lambda is not None:
            await self._lambda.close()
        if self._apis is not None:
            self._apis.close()
        for store in (self._secrets, self._keys):
            if store is not None:
                store.close()
        if self._tables is not None:
            await self._tables.close()
        if self._servers:
            await self._engine.close()
        self._access.close()
        self._logs.close()

    async def _handle(self, request: Request) -> Response:
        if self._door is None:
            return json_response(503, {"message": "The local AWS is starting."})
        return await self._door.handle(request)

    async def _status(self, request: Request) -> Response:
        if request.path != "/status":
            return json_response(404, {"message": "Not Found; this socket answers GET /status"})
        engine = self._engine
        parts: list[dict[str, Any]] = [
            {"name": "emulator", "state": engine.state, "detail": f"moto, {engine.replayed} calls replayed"}
        ]
        if self._apis is not None:
            parts.append(self._apis.status())
        if self._tables is not None:
            parts.append(self._tables.status())
        if self._lambda is not None:
            parts += self._lambda.status()
        return json_response(200, {"healthy": engine.state != "failed", "parts": parts})
