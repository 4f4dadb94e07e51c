"""What an application asks of a cloud beside HTTP, and whether the chosen clouds have it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from app.spec import AppSpec
from components.errors import CapabilityMissingError

CAPABILITIES: Final = ("text_model", "state", "secrets", "schedules", "queues", "streams", "workflows")
"""The fields of AppSpec that ask for something; empty, they ask for nothing."""


def require_capabilities(spec: AppSpec, offered: Mapping[str, Collection[str]]) -> None:
    """`offered`: for each chosen target the capabilities that it builds. Raises CapabilityMissingError with all others
    that `spec` asks for: none is ever left out in silence.
    """
    asked = [name for name in CAPABILITIES if getattr(spec, name)]
    missing = {target: [name for name in asked if name not in built] for target, built in offered.items()}
    if any(missing.values()):
        raise CapabilityMissingError(
            spec.application, {target: tuple(names) for target, names in missing.items() if names}
        )
