"""The port to the Worker host, whose protocol is in docs/architecture.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Deployed:
    """What the host needs to run one version of a script. Modules lie in `folder`/modules/. Bindings have secrets."""

    name: str
    folder: Path
    main_module: str
    compatibility_date: str
    compatibility_flags: tuple[str, ...]
    bindings: tuple[Mapping[str, Any], ...] = field(repr=False)
    limits: Mapping[str, Any]
    version_id: str
    etag: str
    created_on: str


@dataclass(frozen=True, slots=True)
class Started:
    """What the host found when it ran a script's top level."""

    startup_time_ms: int
    handlers: tuple[str, ...]


class HostRefusedError(Exception):
    """The script does not start; the one before it goes on. `code` is Cloudflare's, nearly always 10021."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class HostUnreachableError(Exception):
    """The host is being restarted, or hangs."""


class StorageRefusedError(Exception):
    """The storage does not do it. `kind` is `sql`, `missing`, `invalid` or `unavailable`; `status` is for HTTP."""

    def __init__(self, kind: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status


class Storage(Protocol):
    """What Workers store: the host has one process that reads and writes it, for them and for the v4 API alike."""

    async def store(self, service: Literal["d1", "kv"], identity: str, operation: str, argument: object = None) -> Any:
        """Bytes stand in JSON as `{"$bytes": BASE64}`. Raises StorageRefusedError, HostUnreachableError."""


class WorkerHost(Protocol):
    """Runs scripts. It keeps nothing: whoever owns the data tells it everything again after a restart."""

    async def put(self, script: Deployed) -> Started:
        """Loads, then replaces the version before. Raises HostRefusedError, HostUnreachableError."""

    async def delete(self, name: str) -> None: ...

    async def address(self, subdomain: Mapping[str, bool], routes: Sequence[Mapping[str, str | None]]) -> None:
        """Which scripts answer on workers.dev, and which patterns lead to which script."""

    async def status(self) -> Mapping[str, Any]: ...
