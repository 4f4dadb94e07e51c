"""What the contract suite runs on."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

import httpx

from app.memory import MemoryFailure, MemoryTextModel
from app.ports import FailureReason
from tools.sandbox import Sandbox


class ModelControl(Protocol):
    """Makes an engine's text model fail; a real cloud's cannot be told to."""

    def failing(self, reason: FailureReason, *, after: int = 0) -> AbstractContextManager[None]:
        """While it lasts each call fails, a streamed one after so many tokens."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that serves the API. ``name`` is also the cloud that it says it is.

    :param webhook_key: signs webhooks of any source; None where the tests are not told one.
    :param shop_key: signs webhooks of the source ``shop`` alone.
    :param model: None where the model cannot be made to fail.
    """

    name: str
    base_url: str
    transport: httpx.AsyncBaseTransport | None = None
    webhook_key: bytes | None = None
    shop_key: bytes | None = None
    model: ModelControl | None = None

    def client(self) -> httpx.AsyncClient:
        """A client whose paths are joined to the base URL, which may have a path of its own."""
        return httpx.AsyncClient(base_url=self.base_url, transport=self.transport, timeout=30)


@dataclass(frozen=True, slots=True)
class MemoryModelControl:
    """Of the model in memory."""

    model: MemoryTextModel

    @contextmanager
    def failing(self, reason: FailureReason, *, after: int = 0) -> Iterator[None]:
        self.model.failure = MemoryFailure(reason, pieces=after)
        yield
        self.model.failure = None


@dataclass(frozen=True, slots=True)
class LocalModelControl:
    """Of the model that both local clouds have, by `python -m localcloud model`."""

    sandbox: Sandbox

    @contextmanager
    def failing(self, reason: FailureReason, *, after: int = 0) -> Iterator[None]:
        self.sandbox.localcloud("model", "--fail", reason, "--after-tokens", str(after))
        try:
            yield
        finally:
            self.sandbox.localcloud("model", "--reset")
