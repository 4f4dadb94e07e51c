"""What a resource and a package of them are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.schema import Failure, Property

Client = TypeVar("Client")


@dataclass(frozen=True, slots=True)
class Actual:
    """A resource as the cloud has it now.

    `inputs`: what the cloud reports, in the words of the inputs (write-only ones are left out).
    `outputs`: what only the cloud knows.
    """

    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict)


class Resource(ABC, Generic[Client]):
    """One resource type. All values here are plain: secret marks are taken off before and put back after.

    `mark` alone sees them.
    """

    pulumi_type: ClassVar[str]
    inputs: ClassVar[Mapping[str, Property]]
    outputs: ClassVar[tuple[str, ...]] = ()
    stables: ClassVar[tuple[str, ...]] = ()
    """Outputs that no update changes: they keep their values in previews."""
    name: ClassVar[AutoName | None] = None
    exclusive: ClassVar[bool] = False
    """No second one can stand beside the first, so a replacement is deleted before it is created."""

    def check(self, inputs: Mapping[str, Any]) -> list[Failure]:
        """Rules that concern more than one input; unknown values may occur."""
        del inputs
        return []

    def mark(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs as the program gave them, and secret where the cloud takes them for secret all the same."""
        return dict(inputs)

    def foresee(self, client: Client, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Outputs that follow from the inputs alone, for previews."""
        del client, inputs
        return {}

    def volatile(self, changed: Set[str], inputs: Mapping[str, Any]) -> Set[str]:
        """Outputs that an update of the `changed` inputs gives new values: unknown in its preview."""
        del changed, inputs
        return frozenset()

    @abstractmethod
    def create(self, client: Client, inputs: Mapping[str, Any], identity: Identity) -> str:
        """Make it, coping with what a killed earlier create of the same identity left; returns the id."""

    @abstractmethod
    def read(self, client: Client, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        """It as it is now, or None when it is gone. `known` is what state holds; empty on import."""

    def update(
        self, client: Client, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        """Bring it from the old inputs to the new ones."""
        raise NotImplementedError(f"{self.pulumi_type}: every change replaces")

    @abstractmethod
    def delete(self, client: Client, resource_id: str, known: Mapping[str, Any]) -> None:
        """Remove it; that it is gone already is success."""


Function = Callable[[Any, Mapping[str, Any]], Mapping[str, Any]]
"""An invoke: (client, arguments) to results."""


@dataclass(frozen=True, slots=True)
class Package(Generic[Client]):
    """A provider: its resources, its invokes, and how its configuration becomes a client."""

    name: str
    version: str
    resources: Mapping[str, Resource[Client]]
    functions: Mapping[str, Function]
    config: Mapping[str, Property]
    connect: Callable[[Mapping[str, Any]], Client]
    """A client from the configuration; raises ProviderError. Must not speak to the cloud: previews configure too."""
