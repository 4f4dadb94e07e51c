"""The port to the Worker host, whose protocol is in docs/architecture.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Deployed:
    """What the host needs to run one version of a script. Modules lie in `folder`/modules/."""

    name: str
    folder: Path
    main_module: str
    compatibility_date: str
    compatibility_flags: tuple[str, ...]
    bindings: tuple[Mapping[str, Any], ...]
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


class WorkerHost(Protocol):
    """Runs scripts. It keeps nothing: whoever owns the data tells it everything again after a restart."""

    async def put(self, script: Deployed) -> Started:
        """Loads, then replaces the version before. Raises HostRefusedError, HostUnreachableError."""

    async def delete(self, name: str) -> None: ...

    async def address(self, subdomain: Mapping[str, bool], routes: Sequence[Mapping[str, str | None]]) -> None:
        """Which scripts answer on workers.dev, and which patterns lead to which script."""

    async def status(self) -> Mapping[str, Any]: ...
