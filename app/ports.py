"""What the application asks of the cloud it runs on.

An entry point puts its Ports into each request's ASGI scope under SCOPE_KEY. Protocols only: an adapter fits by its
shape and need not import this module, so that an entry point can serve an application in whose package this one is
not even installed. For the same reason what an application must tell apart comes back as a value (``kind``, ``reason``,
a bool) and not as an exception; what an adapter raises all the same is a fault, and is answered with 500.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Literal, Protocol

SCOPE_KEY = "parallax"

StopReason = Literal["end", "length"]
"""Why a model stopped: it had said all, or it reached the most tokens that were asked for."""

FailureReason = Literal["throttled", "timed_out", "refused", "prompt_too_long", "unavailable"]
"""Why a model gave no answer. ``refused``: the model or its provider's safeguards will not answer this prompt."""


class Platform(Protocol):
    """Where this code runs. Read during a request only: before the first one, an instance may still be copied."""

    @property
    def cloud(self) -> str:
        """``aws``, ``cloudflare`` or ``memory``."""

    @property
    def region(self) -> str:
        """Where in that cloud: an AWS region (``eu-central-1``), a Cloudflare data centre (``FRA``)."""

    @property
    def version(self) -> str:
        """Which deployment answers: a published function version, a Worker's version id."""

    @property
    def instance(self) -> str:
        """Which execution environment or isolate answers: 16 hexadecimal digits, constant during its life."""


class ModelPiece(Protocol):
    """A part of an answer's text, as it is made."""

    @property
    def kind(self) -> Literal["piece"]: ...
    @property
    def text(self) -> str: ...


class ModelAnswer(Protocol):
    """A whole answer, or in a stream what is known at its end; ``text`` is then all of it."""

    @property
    def kind(self) -> Literal["answer"]: ...
    @property
    def text(self) -> str: ...
    @property
    def model(self) -> str:
        """The cloud's own id of the model."""

    @property
    def input_tokens(self) -> int: ...
    @property
    def output_tokens(self) -> int: ...
    @property
    def stop(self) -> StopReason: ...


class ModelFailure(Protocol):
    """No answer, or the end of one in the middle."""

    @property
    def kind(self) -> Literal["failure"]: ...
    @property
    def reason(self) -> FailureReason: ...
    @property
    def retry_after(self) -> int:
        """Seconds after which another try makes sense; 0 where it makes none or nothing is known."""


class TextModel(Protocol):
    """A model that answers prompts. The prompt is not empty; ``max_tokens`` bounds the answer."""

    async def answer(self, prompt: str, max_tokens: int) -> ModelAnswer | ModelFailure:
        """The answer in one piece."""

    def stream(self, prompt: str, max_tokens: int) -> AsyncIterator[ModelPiece | ModelAnswer | ModelFailure]:
        """The answer as it is made: pieces, then exactly one answer or failure."""


class ListedItem(Protocol):
    """What a list says of an item: ``version`` as given when it was written, ``expires_at`` in seconds of the epoch."""

    @property
    def key(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def expires_at(self) -> int | None: ...


class Item(ListedItem, Protocol):
    """A stored value."""

    @property
    def value(self) -> str: ...


class Condition(Protocol):
    """What must hold of a key for a write to happen, checked and written in one atomic step.

    ``any``: nothing; ``absent``: there is no item; ``present``: there is one; ``versions``: there is one, with one of
    these versions. An item whose time is over does not count as there, whether the cloud has taken it away or not.
    """

    @property
    def kind(self) -> Literal["any", "absent", "present", "versions"]: ...
    @property
    def versions(self) -> Sequence[str]: ...


class State(Protocol):
    """Key-value state with conditional writes; a read sees every write that was answered before it.

    Keys lie in collections, which are made by writing. ``now`` is in seconds of the epoch: what has expired by then is
    not there.
    """

    async def get(self, collection: str, key: str, *, now: int) -> Item | None:
        """The item, or None."""

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
        """Writes and says so, or says False where the condition does not hold and nothing was written."""

    async def delete(self, collection: str, key: str, *, condition: Condition, now: int) -> bool:
        """Takes the item away, or says False where the condition does not hold. ``any`` holds without an item too."""

    async def list(
        self, collection: str, *, prefix: str, limit: int, after: str | None, now: int
    ) -> Sequence[ListedItem]:
        """At most ``limit`` items whose keys start with ``prefix`` and are greater than ``after``, by key (bytes).

        Fewer than ``limit`` are the last ones. Values are not asked for: an adapter leaves them where they are.
        """


class Secrets(Protocol):
    """Secret values by the names that the AppSpec declares. A name that it does not declare is a KeyError."""

    async def read(self, name: str) -> str:
        """The value as this instance knows it: fetched once, and again only when it has grown old."""

    async def reread(self, name: str) -> str:
        """The value as it is now, for when the known one does not fit: it may have been rotated.

        An adapter bounds how often that reaches the cloud, since a stranger's request may be the reason.
        """


class Ports(Protocol):
    """All ports of one request. Which of them are there is what the AppSpec asks for; asking for another is a fault."""

    @property
    def platform(self) -> Platform: ...
    @property
    def text_model(self) -> TextModel: ...
    @property
    def state(self) -> State: ...
    @property
    def secrets(self) -> Secrets: ...
