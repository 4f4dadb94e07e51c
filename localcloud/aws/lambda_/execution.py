"""From a name to an environment: which version is meant, and the pool that runs it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from localcloud.aws.lambda_.arns import Reference
from localcloud.aws.lambda_.deployment import Deployment, deployment
from localcloud.aws.lambda_.errors import conflict, missing
from localcloud.aws.lambda_.invocation import Answer, Invocation
from localcloud.aws.lambda_.launch import Launcher, Spawner
from localcloud.aws.lambda_.log_rights import PermittedSink
from localcloud.aws.lambda_.log_stream import stream_name
from localcloud.aws.lambda_.packages import Packages
from localcloud.aws.lambda_.pool import Fleet, Pool
from localcloud.aws.lambda_.runtimes import find
from localcloud.aws.lambda_.store import Document, Store
from localcloud.aws.lambda_.zygote import Zygote
from localcloud.aws.ports import LogSink, Rights
from localcloud.aws.protocol.service import ServiceError


class Refused(Exception):  # noqa: N818 - not an error of the function
    """Reserved concurrency is used up."""


class Execution:
    """Runs functions. Resolved names are cached until `forget`."""

    def __init__(  # noqa: PLR0917 - parts, once
        self,
        data: Path,
        store: Store,
        packages: Packages,
        logs: LogSink,
        rights: Rights,
        endpoint: str,
        region: str,
        runtimes: Path | None,
        limit: int,
        idle_seconds: float,
    ) -> None:
        self._data = data.resolve()
        self._store = store
        self._packages = packages
        self._logs = logs
        self._rights = rights
        self._endpoint = endpoint
        self._region = region
        self._runtimes = runtimes
        self._fleet = Fleet(limit, idle_seconds)
        self._routes: dict[Reference, tuple[str, str, float]] = {}
        self._pools: dict[tuple[str, str], Pool] = {}
        self._reserved: dict[str, int | None] = {}
        self._running: dict[str, int] = {}
        self._random = random.Random()  # noqa: S311 - the share of traffic, no secret

    async def invoke(
        self, reference: Reference, payload: bytes, arn: str, trace_id: str | None, client_context: str | None = None
    ) -> tuple[str, Answer]:
        """The version that ran and what it answered. Raises Refused, ServiceError."""
        version, other, weight = self._routes.get(reference) or self._route(reference)
        if weight and self._random.random() < weight:
            version = other
        name = reference.name
        pool = self._pools.get((name, version)) or await self._pool(name, version)
        reserved = self._reserved[name]
        running = self._running.get(name, 0)
        if reserved is not None and running >= reserved:
            raise Refused
        self._running[name] = running + 1
        try:
            invocation = Invocation(
                str(UUID(int=self._random.getrandbits(128), version=4)),
                payload,
                arn,
                pool.deployment.timeout,
                asyncio.get_running_loop().create_future(),
                trace_id,
                client_context,
            )
            pool.submit(invocation)
            return version, await invocation.done
        finally:
            self._running[name] -= 1

    async def prepare(self, document: Document) -> None:
        """Unpacks a version's code, and takes its snapshot if it has one. Raises SnapshotFailed, OSError."""
        await asyncio.to_thread(self._packages.folder, document["CodeSha256"])
        found = self._deployment(document)
        if found.snap_start:
            pool = self._make(found)
            launcher = pool.launcher
            assert isinstance(launcher, Zygote)
            await launcher.take()
            self._rest(found)

    def _rest(self, newest: Deployment) -> None:
        """Ends the snapshots of versions that no alias names and nobody uses; a call would take them again."""
        aliases = [document for _, _, document in self._store.all("alias", newest.name)]
        kept = {newest.version, *(alias["FunctionVersion"] for alias in aliases)}
        for alias in aliases:
            kept |= set(alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {}))
        for pool in self._fleet.pools.values():
            of_function = pool.deployment.name == newest.name and pool.deployment.version not in kept
            if of_function and not pool.environments and not pool.waiting:
                pool.launcher.close()

    async def warm(self, name: str, version: str) -> None:
        """Has an environment of a version ready. What is wrong with it shows when it is invoked."""
        try:
            pool = await self._pool(name, version)
        except ServiceError:
            return
        await pool.warm()

    def forget(self, name: str) -> None:
        """Names are resolved anew, because an alias, a version or a setting changed."""
        for reference in [found for found in self._routes if found.name == name]:
            del self._routes[reference]
        self._reserved.pop(name, None)
        for key in [found for found in self._pools if found[0] == name]:
            del self._pools[key]

    def retire(self, name: str, version: str) -> None:
        """Drains the environments of a version as it was."""
        self.forget(name)
        for key, pool in list(self._fleet.pools.items()):
            if (pool.deployment.name, pool.deployment.version) == (name, version):
                self._fleet.retire(key)

    def close(self) -> None:
        """Ends everything."""
        self._fleet.close()

    def status(self) -> list[dict[str, Any]]:
        """One entry a function."""
        entries = []
        for name, _, document in self._store.all("function"):
            pools = [pool for pool in self._fleet.pools.values() if pool.deployment.name == name]
            count = sum(len(pool.environments) for pool in pools)
            note = find(document["Runtime"], self._runtimes, self._data).note
            detail = f"{note}; {count} environment{'' if count == 1 else 's'}"
            entries.append({"kind": "function", "name": name, "state": document["State"].lower(), "detail": detail})
        return entries

    def _route(self, reference: Reference) -> tuple[str, str, float]:
        name, qualifier = reference.name, reference.qualifier or "$LATEST"
        if self._store.get("function", name) is None:
            raise missing(f"Function not found: {name}" + (f":{qualifier}" if reference.qualifier else ""))
        alias = self._store.get("alias", name, qualifier)
        if alias is not None:
            weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
            other, weight = next(iter(weights.items()), ("", 0.0))
            route = (alias["FunctionVersion"], other, weight)
        else:
            route = (qualifier, "", 0.0)
        self._routes[reference] = route
        return route

    async def _pool(self, name: str, version: str) -> Pool:
        function = self._store.get("function", name)
        document = function if version == "$LATEST" else self._store.get("version", name, version)
        if document is None or function is None:
            raise missing(f"Function not found: {name}:{version}")
        if document["State"] != "Active":
            if document["SnapStart"]["ApplyOn"] != "None" and version != "$LATEST":
                text = (
                    f"Lambda is initializing your function {name}:{version}. It will be ready when its state is ACTIVE."
                )
                raise ServiceError("SnapStartNotReadyException", text, 409)
            text = "The operation cannot be performed at this time. The function is currently in the following state: "
            raise conflict(text + document["State"])
        await asyncio.to_thread(self._packages.folder, document["CodeSha256"])
        pool = self._make(self._deployment(document))
        self._pools[(name, version)] = pool
        self._reserved[name] = function.get("Reserved")
        return pool

    def _deployment(self, document: Document) -> Deployment:
        folder = self._packages.folder(document["CodeSha256"]).resolve()
        return deployment(document, folder, self._region, self._endpoint, self._rights)

    def _make(self, found: Deployment) -> Pool:
        pool = self._fleet.pools.get(found.key)
        if pool is None:
            interpreter = find(found.runtime, self._runtimes, self._data)
            bytecode = self._data / "bytecode" / found.folder.name
            sink = PermittedSink(self._logs, self._rights, found.session, found.region)
            launcher: Launcher
            if found.snap_start:
                log = _snapshot_log(found, sink)
                launcher = Zygote(interpreter, found.folder, bytecode, found.handler, found.environment(), log)
            else:
                launcher = Spawner(interpreter, found.folder, bytecode, found.handler, found.environment())
            pool = Pool(found, launcher, sink, self._fleet, found.runtime)
            self._fleet.pools[found.key] = pool
        return pool


def _snapshot_log(found: Deployment, sink: LogSink) -> Callable[[str], None]:
    stream = stream_name(found.version)
    return lambda line: sink.write(found.group, stream, [(int(time.time() * 1000), line)])
