"""The clouds that a stack can choose."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import MappingProxyType
from typing import Final, Protocol, cast

import pulumi

from app.spec import AppSpec
from components.capabilities import require_capabilities
from components.project import Project
from components.settings import Settings

# Named, not imported: a cloud's SDK is loaded only where that cloud is chosen (Cloudflare's takes 1 s and 165 MB).
TARGETS: Final[Mapping[str, str]] = MappingProxyType(
    {"aws": "components.aws.target", "cloudflare": "components.cloudflare.target"}
)


Plan = Callable[[], Mapping[str, pulumi.Output[str]]]
"""Registers a target's resources; answers with its outputs, named without the target."""


class Target(Protocol):
    """What each module in TARGETS offers. `OFFERED` are the capabilities (capabilities.py) that it builds."""

    OFFERED: Collection[str]

    def plan(self, name: str, project: Project, settings: Settings, spec: AppSpec) -> Plan:
        """Checks everything and builds the package; nothing is registered yet. Raises ComponentError."""


def target(name: str) -> Target:
    """The chosen target, with its SDK."""
    with _objects_that_stay():
        return cast("Target", import_module(TARGETS[name]))


def plans(name: str, project: Project, settings: Settings, spec: AppSpec) -> Mapping[str, Plan]:
    """A plan for each chosen target. All are made before the first is carried out: the engine goes on with what was
    registered before an error, so that one cloud's refusal would come after another cloud's resources.
    """
    chosen = {cloud: target(cloud) for cloud in settings.target}
    require_capabilities(spec, {cloud: module.OFFERED for cloud, module in chosen.items()})
    return {cloud: module.plan(name, project, settings, spec) for cloud, module in chosen.items()}


@contextmanager
def _objects_that_stay() -> Iterator[None]:
    """For imports of very many objects: the garbage collector does not look for garbage among them, now or later.

    Cloudflare's SDK makes some 300,000 objects and no garbage. Looked through again and again they cost 0.4 to 1 s
    while they are made, and 0.7 s once more when the interpreter ends.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
