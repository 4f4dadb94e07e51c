"""A stack's config, typed and checked as a whole before anything is created.

`Pulumi.yaml` declares every key with its type, default and description, and the engine fills the defaults in; keys.py
knows which values are valid. A test holds the two lists together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pulumi

from components.errors import Problem, SettingsError
from components.keys import KEYS, attribute_of

Architecture = Literal["arm64", "x86_64", "native"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every config key of the project; attribute names are the keys in snake case. None stands for an empty key."""

    target: tuple[str, ...]
    application: str
    application_path: str
    requirements: str | None
    tags: Mapping[str, str]
    cors_origins: tuple[str, ...]
    architecture: Architecture
    runtime: str
    memory: int
    timeout: int
    snap_start: bool
    log_retention: int
    throttle_rate: int
    throttle_burst: int
    cloudflare_account_id: str | None
    cloudflare_zone_id: str | None
    route: str | None
    workers_dev_url: str | None
    compatibility_date: str
    compatibility_flags: tuple[str, ...]
    cpu_ms: int | None

    @classmethod
    def read(cls) -> Settings:
        """The settings of the stack that runs. Raises SettingsError with everything that is wrong."""
        return cls.parse(pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.config.CONFIG.get())

    @classmethod
    def parse(cls, project: str, stack: str, config: Mapping[str, Any]) -> Settings:
        """Settings from full config names (`project:key`); keys of other namespaces are left alone."""
        prefix = f"{project}:"
        given = {name.removeprefix(prefix): str(text) for name, text in config.items() if name.startswith(prefix)}
        problems = [_unknown(prefix, name) for name in sorted(given.keys() - KEYS.keys())]
        values: dict[str, Any] = {}
        for name, key in KEYS.items():
            if name not in given:
                problems.append(Problem(prefix + name, None, f"is missing; valid: {key.valid}"))
                continue
            try:
                values[name] = key.parse(given[name])
            except ValueError:
                problems.append(Problem(prefix + name, given[name], f"is {given[name]!r}; valid: {key.valid}"))
        problems += [Problem(prefix + name, given[name], message) for name, message in _combined(values)]
        if problems:
            raise SettingsError(stack, tuple(problems))
        return cls(**{attribute_of(name): value for name, value in values.items()})

    def tags_for(self, stack: str, component: str) -> Mapping[str, str]:
        """The tags of everything that belongs to a component; the stack's own config comes last, and wins."""
        return {"Project": pulumi.get_project(), "Stack": stack, "Component": component, **self.tags}


def _unknown(prefix: str, name: str) -> Problem:
    # The value is not shown: an unknown key may hold a secret.
    return Problem(prefix + name, None, f"is not a key of this project; known: {', '.join(sorted(KEYS))}")


_NO_ADDRESS = (
    "is empty, and a Worker without `route` answers only there; valid: your workers.dev address with {script} "
    "in it, such as https://{script}.acme.workers.dev"
)


def _combined(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong between keys that are each valid. A key whose own value is wrong is absent from `values`."""
    empty = {name for name, value in values.items() if value is None}
    if "cloudflare" in values.get("target", ()):
        if "cloudflareAccountId" in empty:
            yield "cloudflareAccountId", "is empty, and the target cloudflare needs it; valid: 32 hex digits"
        if {"route", "workersDevUrl"} <= empty:
            yield "workersDevUrl", _NO_ADDRESS
    if "cloudflareZoneId" in empty and values.get("route"):
        yield "cloudflareZoneId", "is empty, and `route` needs the zone that it lies in; valid: 32 hex digits"
    if "route" in empty and values.get("cloudflareZoneId"):
        yield "route", "is empty, and `cloudflareZoneId` is of use only with it; valid: such as api.example.com/*"
