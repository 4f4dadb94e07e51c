"""The rules of scripts: what replaces what, and what is where when.

An upload is checked, its modules are put on the disk while the host takes it into service, and then the row is
committed. A process that is killed before the commit leaves the version before in place: a host is told from the
rows when it starts.
"""

import asyncio
import contextlib
import datetime
import re
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from localcloud.cloudflare.addresses import Addresses
from localcloud.cloudflare.exceptions import ApiError
from localcloud.cloudflare.host import Deployed, HostRefusedError, HostUnreachableError, WorkerHost
from localcloud.cloudflare.vault import Vault
from localcloud.cloudflare.workers import bindings, sealing, upload
from localcloud.cloudflare.workers.exceptions import (
    HostRestartingError,
    InvalidScriptNameError,
    ScriptNotFoundError,
    ValidationError,
)
from localcloud.cloudflare.workers.modules import ModuleFiles
from localcloud.cloudflare.workers.records import Script, ScriptTable, Version
from localcloud.cloudflare.workers.targets import Targets
from localcloud.http import Request

# A DNS label, as the name becomes one below workers.dev; underscores are taken all the same.
_NAME = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?")
# Older ones can no longer be read back.
_VERSIONS_KEPT = 10
# Starting a script is work for a processor, of which the machine has few.
_RESTORED_AT_ONCE = 2


class Scripts:
    """The scripts of the account."""

    def __init__(
        self,
        table: ScriptTable,
        files: ModuleFiles,
        host: WorkerHost,
        addresses: Addresses,
        *,
        vault: Vault,
        targets: Targets,
    ) -> None:
        self._table = table
        self._files = files
        self._host = host
        self._addresses = addresses
        self._vault = vault
        self._targets = targets
        # Uploads of one script come one after the other, as each builds on the one before.
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def all(self) -> list[Script]:
        return self._table.all()

    def get(self, name: str) -> Script:
        """Raises ScriptNotFoundError."""
        script = self._table.find(name)
        if script is None:
            raise ScriptNotFoundError
        return script

    def versions(self, name: str) -> list[Version]:
        """The newest first. Raises ScriptNotFoundError."""
        self.get(name)
        return self._table.versions(name)

    def content(self, version: Version) -> list[upload.Module]:
        """The modules as they were uploaded, the main one first."""
        read = self._files.read
        return [upload.Module(name, kind, read(version.script, version.id, name)) for name, kind in version.modules]

    async def put(self, name: str, request: Request) -> Script:
        """Creates or replaces. Raises InvalidScriptNameError, ValidationError, …; then the version before goes on."""
        if not _NAME.fullmatch(name):
            raise InvalidScriptNameError(name)
        async with self._turns[name]:
            before = self._table.find(name)
            uploaded = upload.read(request, before.version.settings["bindings"] if before else [])
            self._targets.check(uploaded.settings["bindings"])
            identity = str(uuid.uuid4())
            version = Version(
                id=identity,
                script=name,
                number=self._next_number(name),
                created_on=_now(),
                deployment_id=str(uuid.uuid4()),
                settings=self._sealed(name, uploaded.settings),
                modules=tuple((module.name, module.content_type) for module in uploaded.modules),
                etag=uploaded.etag,
                startup_time_ms=0,
                handlers=(),
            )
            return await self._deploy(before, version, lambda: self._files.write(name, identity, uploaded.modules))

    async def change_bindings(
        self, name: str, edit: Callable[[list[dict[str, Any]]], list[dict[str, Any]]], why: str
    ) -> Script:
        """A new version of the same modules with other bindings. Raises ScriptNotFoundError, and what `edit` raises."""
        async with self._turns[name]:
            before = self.get(name)
            old = before.version
            edited = edit(list(old.settings["bindings"]))
            bindings.check_number(edited)
            settings = {key: value for key, value in old.settings.items() if key != "annotations"}
            version = replace(
                old,
                id=str(uuid.uuid4()),
                number=self._next_number(name),
                created_on=_now(),
                deployment_id=str(uuid.uuid4()),
                settings=self._sealed(name, settings | {"bindings": edited, "triggered_by": why}),
            )
            return await self._deploy(before, version, lambda: self._files.copy(name, old.id, version.id))

    async def _deploy(self, before: Script | None, version: Version, write: Callable[[], list[Path]]) -> Script:
        name = version.script
        try:
            written = await asyncio.to_thread(write)
            started, _ = await asyncio.gather(
                self._take_into_service(version), asyncio.to_thread(self._files.sync, written)
            )
            old = self._table.add_version(before.tag if before else uuid.uuid4().hex, started, _VERSIONS_KEPT)
        except BaseException as error:
            if not isinstance(error, ApiError):
                # The disk is full, say: the host may serve by now what no row will name.
                await self._put_back(name, before)
            await asyncio.to_thread(self._files.delete, name, version.id)
            raise
        await asyncio.to_thread(self._delete_files, old)
        return self.get(name)

    def _next_number(self, name: str) -> int:
        versions = self._table.versions(name)
        return versions[0].number + 1 if versions else 1

    def _sealed(self, name: str, settings: dict[str, Any]) -> dict[str, Any]:
        return settings | {"bindings": sealing.seal(settings["bindings"], self._vault, name)}

    async def set_subdomain(self, name: str, *, enabled: bool, previews_enabled: bool) -> Script:
        """Whether the script answers on workers.dev. Raises ScriptNotFoundError."""
        self.get(name)
        self._table.set_subdomain(name, enabled=enabled, previews_enabled=previews_enabled)
        await self._addresses.publish()
        return self.get(name)

    async def delete(self, name: str) -> None:
        """Raises ScriptNotFoundError."""
        async with self._turns[name]:
            self.get(name)
            versions = self._table.versions(name)
            self._table.delete(name)
            # A host that is being restarted is told from the rows, where the script no longer is.
            with contextlib.suppress(HostUnreachableError):
                await self._host.delete(name)
            await self._addresses.publish()
            await asyncio.to_thread(self._delete_files, versions)

    async def restore(self) -> dict[str, str]:
        """Tells a new host everything. Returns why scripts do not start that once did, by name."""
        refused: dict[str, str] = {}
        limit = asyncio.Semaphore(_RESTORED_AT_ONCE)

        async def put(name: str) -> None:
            # In its turn, as an upload that is under way would otherwise be replaced by the version before it.
            async with limit, self._turns[name]:
                script = self._table.find(name)
                if script:
                    try:
                        await self._host.put(self._deployed(script.version))
                    except (ApiError, HostRefusedError, HostUnreachableError) as error:
                        refused[name] = str(error)

        await asyncio.gather(*(put(script.name) for script in self._table.all()))
        await self._addresses.publish()
        return refused

    def sweep(self) -> None:
        """Deletes the files of uploads that were cut short."""
        known = {(version.script, version.id) for script in self.all() for version in self.versions(script.name)}
        self._files.sweep(known)

    async def _take_into_service(self, version: Version) -> Version:
        try:
            started = await self._host.put(self._deployed(version))
        except HostRefusedError as error:
            raise ValidationError(error.message, error.code) from error
        except HostUnreachableError as error:
            raise HostRestartingError from error
        return version.started(started.startup_time_ms, started.handlers)

    async def _put_back(self, name: str, before: Script | None) -> None:
        with contextlib.suppress(ApiError, HostRefusedError, HostUnreachableError):
            if before:
                await self._host.put(self._deployed(before.version))
            else:
                await self._host.delete(name)

    def _deployed(self, version: Version) -> Deployed:
        return Deployed(
            name=version.script,
            folder=self._files.folder(version.script, version.id),
            main_module=version.main_module,
            compatibility_date=version.settings["compatibility_date"],
            compatibility_flags=tuple(version.settings["compatibility_flags"]),
            bindings=tuple(sealing.unseal(version.settings["bindings"], self._vault, version.script)),
            limits=version.settings.get("limits", {}),
            version_id=version.id,
            etag=version.etag,
            created_on=version.created_on,
        )

    def _delete_files(self, versions: list[Version]) -> None:
        for version in versions:
            self._files.delete(version.script, version.id)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat().replace("+00:00", "Z")
