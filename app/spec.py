"""What an application needs from a cloud, as plain data.

Each target in ``components/`` turns one and the same AppSpec into its own cloud's resources. The standard library only:
the Pulumi program imports this module, and must not pay for the application's framework.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ANY"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Requests that the cloud hands to the application.

    ``path`` is literal (``/echo``) or has one-segment parameters (``/items/{key}``). ``/*`` is every path, the root
    too, and is what a request falls to that no other route matches; it goes with the method ``ANY``.
    """

    method: Method
    path: str

    @property
    def is_catch_all(self) -> bool:
        """Whether this route takes what no other takes: ``$default`` of an HTTP API, ``/*`` of a Worker's zone."""
        return self.path == "/*"


EVERY_REQUEST = Route(method="ANY", path="/*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextModel:
    """A model that answers prompts. ``model`` is a portable name; each target knows its cloud's own id for it."""

    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A key-value store with conditional writes."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A value that the application may read and nobody else sees; set with ``pulumi config set --secret NAME VALUE``.

    ``name`` is a config key like any other, camelCase; ``meaning`` says in a sentence what it must hold.
    """

    name: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A handler (``module:function``) that runs at each tick of a five-field cron expression in UTC."""

    name: str
    cron: str
    handler: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Messages for a handler (``module:function``); after ``attempts`` failures a message is a dead letter."""

    name: str
    handler: str
    attempts: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Events for a handler (``module:function``), in order for each key where the cloud can."""

    name: str
    handler: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a workflow: its handler, and the one that undoes it when a later step fails for good."""

    name: str
    handler: str
    compensation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """Steps that run in order, each at least once."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSpec:
    """One application and the capabilities that it asks of a cloud; an empty one is not asked for.

    ``application`` is where the ASGI application is found, ``module:attribute``. ``environment`` holds plain, public
    variables; what must stay secret is a Secret.
    """

    name: str
    application: str
    routes: tuple[Route, ...] = (EVERY_REQUEST,)
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    text_model: TextModel | None = None
    state: State | None = None
    secrets: tuple[Secret, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    queues: tuple[Queue, ...] = ()
    streams: tuple[Stream, ...] = ()
    workflows: tuple[Workflow, ...] = ()


# Parallax's own application. The catch-all stands beside the named routes because what is under no route must be
# answered by the application itself: only so do both clouds give the same problem document.
SPEC = AppSpec(
    name="parallax",
    application="app.api:app",
    routes=(
        Route(method="GET", path="/"),
        Route(method="POST", path="/echo"),
        Route(method="GET", path="/api/hello"),
        Route(method="GET", path="/healthz"),
        Route(method="GET", path="/ai"),
        Route(method="POST", path="/ai"),
        Route(method="GET", path="/items"),
        Route(method="GET", path="/items/{key}"),
        Route(method="PUT", path="/items/{key}"),
        Route(method="DELETE", path="/items/{key}"),
        Route(method="POST", path="/webhooks/{source}"),
        EVERY_REQUEST,
    ),
    text_model=TextModel(model="llama-3.3-70b-instruct"),
    state=State(name="state"),
    secrets=(
        Secret(
            name="webhookKeys",
            meaning="The keys of webhooks' senders, separated by spaces: whsec_BASE64, or for one source alone "
            "SOURCE=whsec_BASE64.",
        ),
    ),
)
