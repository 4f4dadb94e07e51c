"""In-memory adapters: the application without a cloud, for demonstration and for tests of one's own.

They are supported like the clouds' own and pass the same contract suite. Each remembers what a test may ask about.
"""

import os
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Literal

from app.ports import Condition, FailureReason, StopReason


@dataclass(frozen=True)
class MemoryPlatform:
    """This process, as a cloud of one instance."""

    cloud: str = "memory"
    region: str = "local"
    version: str = "0"

    @cached_property
    def instance(self) -> str:
        """Made when first asked for, as on the clouds: see functions/platform.py for the reason."""
        return os.urandom(8).hex()


@dataclass(frozen=True, slots=True)
class MemoryPiece:
    """The port ``ModelPiece``."""

    text: str
    kind: ClassVar[Literal["piece"]] = "piece"


@dataclass(frozen=True, slots=True)
class MemoryAnswer:
    """The port ``ModelAnswer``."""

    text: str
    model: str
    input_tokens: int
    output_tokens: int
    stop: StopReason
    kind: ClassVar[Literal["answer"]] = "answer"


@dataclass(frozen=True, slots=True)
class MemoryFailure:
    """The port ``ModelFailure``. In a stream ``pieces`` of them come before it."""

    reason: FailureReason
    retry_after: int = 0
    pieces: int = 0
    kind: ClassVar[Literal["failure"]] = "failure"


@dataclass(slots=True)
class MemoryTextModel:
    """No model at all: it says so, and repeats its prompt, a word a token.

    While ``failure`` is set, every call ends with it. ``prompts`` holds all that it was asked.
    """

    failure: MemoryFailure | None = None
    prompts: list[str] = field(default_factory=list)
    model: ClassVar[str] = "memory"
    says: ClassVar[str] = "There is no model in memory. The prompt was: "

    async def answer(self, prompt: str, max_tokens: int) -> MemoryAnswer | MemoryFailure:
        self.prompts.append(prompt)
        return self.failure or self._answer(prompt, max_tokens)

    async def stream(self, prompt: str, max_tokens: int) -> AsyncIterator[MemoryPiece | MemoryAnswer | MemoryFailure]:
        self.prompts.append(prompt)
        answer = self._answer(prompt, max_tokens)
        failure = self.failure
        for piece in _words(answer.text)[: None if failure is None else failure.pieces]:
            yield MemoryPiece(piece)
        yield answer if failure is None else failure

    def _answer(self, prompt: str, max_tokens: int) -> MemoryAnswer:
        words = _words(self.says + prompt)
        said = words[:max_tokens]
        stop: StopReason = "end" if len(said) == len(words) else "length"
        return MemoryAnswer("".join(said), self.model, len(_words(prompt)), len(said), stop)


@dataclass(frozen=True, slots=True)
class MemoryItem:
    """The port ``Item``."""

    key: str
    value: str
    version: str
    expires_at: int | None = None


@dataclass(slots=True)
class MemoryState:
    """A dictionary. Nothing awaits between a condition and its write, so no lock is needed."""

    items: dict[tuple[str, str], MemoryItem] = field(default_factory=dict)

    async def get(self, collection: str, key: str, *, now: int) -> MemoryItem | None:
        return self._there(collection, key, now)

    async def put(
        self,
        collection: str,
        key: str,
        value: str,
        *,
        version: str,
        condition: Condition,
        now: int,
        expires_at: int | None = None,
    ) -> bool:
        if not _holds(condition, self._there(collection, key, now)):
            return False
        self.items[collection, key] = MemoryItem(key, value, version, expires_at)
        return True

    async def delete(self, collection: str, key: str, *, condition: Condition, now: int) -> bool:
        if not _holds(condition, self._there(collection, key, now)):
            return False
        self.items.pop((collection, key), None)
        return True

    async def list(
        self, collection: str, *, prefix: str, limit: int, after: str | None, now: int
    ) -> Sequence[MemoryItem]:
        here = sorted(key for place, key in self.items if place == collection and key.startswith(prefix))
        found = [self._there(collection, key, now) for key in here if after is None or key > after]
        return [item for item in found if item is not None][:limit]

    def _there(self, collection: str, key: str, now: int) -> MemoryItem | None:
        item = self.items.get((collection, key))
        if item is not None and item.expires_at is not None and item.expires_at <= now:
            del self.items[collection, key]
            return None
        return item


@dataclass(slots=True)
class MemorySecrets:
    """Values by name. As on a cloud, a value that is set later is known once it is reread.

    ``reads`` holds each name as often as its value was fetched.
    """

    values: dict[str, str] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)

    async def read(self, name: str) -> str:
        known = self._known.get(name)
        return await self.reread(name) if known is None else known

    async def reread(self, name: str) -> str:
        self.reads.append(name)
        self._known[name] = self.values[name]
        return self._known[name]


@dataclass(frozen=True, slots=True)
class MemoryPorts:
    """Every port, in memory. Without a key of their own, no webhook is verified."""

    platform: MemoryPlatform = field(default_factory=MemoryPlatform)
    text_model: MemoryTextModel = field(default_factory=MemoryTextModel)
    state: MemoryState = field(default_factory=MemoryState)
    secrets: MemorySecrets = field(default_factory=lambda: MemorySecrets({"webhookKeys": ""}))


def _words(text: str) -> list[str]:
    """Words with the white space before them; together they are the text."""
    return re.findall(r"\s*\S+|\s+$", text)


def _holds(condition: Condition, item: MemoryItem | None) -> bool:
    match condition.kind:
        case "any":
            return True
        case "absent":
            return item is None
        case "present":
            return item is not None
        case "versions":
            return item is not None and item.version in condition.versions
