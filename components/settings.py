"""A stack's config, typed and checked as a whole before anything is created.

`Pulumi.yaml` declares every key with its type, default and description, and the engine fills the defaults in; keys.py
knows which values are valid. A test holds the two lists together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
from pulumi.runtime.config import is_config_secret

from app.spec import SPEC, Secret
from components.errors import Problem, SettingsError
from components.keys import KEYS, KnownMistakeError, attribute_of
from components.packaging.application import spec_of
from components.secret_value import SecretValue

Architecture = Literal["arm64", "x86_64", "native"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every config key of the project; attribute names are the keys in snake case. None stands for an empty key.

    `secrets` are the values of what the application declares as secret, by its names.
    """

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
    aws_text_model: str | None
    secret_recovery_days: int
    throttle_rate: int
    throttle_burst: int
    cloudflare_account_id: str | None
    cloudflare_zone_id: str | None
    route: str | None
    workers_dev_url: str | None
    cloudflare_text_model: str | None
    compatibility_date: str
    compatibility_flags: tuple[str, ...]
    cpu_ms: int | None
    secrets: Mapping[str, SecretValue]

    @classmethod
    def read(cls) -> Settings:
        """The settings of the stack that runs. Raises SettingsError with everything that is wrong."""
        config = pulumi.runtime.config.CONFIG.get()
        encrypted = frozenset(name for name in config if is_config_secret(name))
        return cls.parse(pulumi.get_project(), pulumi.get_stack(), config, encrypted)

    @classmethod
    def parse(
        cls,
        project: str,
        stack: str,
        config: Mapping[str, Any],
        encrypted: Collection[str] = (),
        declared: Callable[[str], Sequence[Secret]] = lambda application: spec_of(application).secrets,
    ) -> Settings:
        """Settings from full config names (`project:key`); keys of other namespaces are left alone.

        :param encrypted: the full names of those that are kept encrypted.
        :param declared: the secrets of an application, by where it is found.
        """
        prefix = f"{project}:"
        given = {name.removeprefix(prefix): str(text) for name, text in config.items() if name.startswith(prefix)}
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, key in KEYS.items():
            if name not in given:
                problems.append(Problem(prefix + name, None, f"is missing; valid: {key.valid}"))
                continue
            try:
                values[name] = key.parse(given[name])
            except KnownMistakeError as error:
                problems.append(Problem(prefix + name, given[name], f"is {given[name]!r}; {error}"))
            except ValueError:
                problems.append(Problem(prefix + name, given[name], f"is {given[name]!r}; valid: {key.valid}"))
        # Without a valid application nobody knows which other keys are its secrets.
        secrets = declared(values["application"]) if "application" in values else None
        if secrets is not None:
            known = KEYS.keys() | {secret.name for secret in secrets}
            # Those of the application that comes along stay where they are while another one is deployed.
            known |= {secret.name for secret in SPEC.secrets if prefix + secret.name in encrypted}
            problems = [_unknown(prefix, name, known) for name in sorted(given.keys() - known)] + problems
            problems += _secrets(prefix, secrets, given, encrypted)
        problems += [Problem(prefix + name, given[name], message) for name, message in _combined(values)]
        if problems:
            raise SettingsError(stack, tuple(problems))
        of_application = {secret.name: SecretValue(given[secret.name]) for secret in secrets or ()}
        return cls(**{attribute_of(name): value for name, value in values.items()}, secrets=of_application)

    def tags_for(self, stack: str, component: str) -> Mapping[str, str]:
        """The tags of everything that belongs to a component; the stack's own config comes last, and wins."""
        return {"Project": pulumi.get_project(), "Stack": stack, "Component": component, **self.tags}


def _unknown(prefix: str, name: str, known: Collection[str]) -> Problem:
    # The value is not shown: an unknown key may hold a secret.
    return Problem(prefix + name, None, f"is not a key of this project; known: {', '.join(sorted(known))}")


def _secrets(
    prefix: str, declared: Sequence[Secret], given: Mapping[str, str], encrypted: Collection[str]
) -> Iterator[Problem]:
    """What is wrong with the application's secrets; no value is in it."""
    for secret in declared:
        full = prefix + secret.name
        command = f"`pulumi config set --secret {secret.name}`, which asks for the value"
        if secret.name in KEYS:
            yield Problem(full, None, "is a secret of the application and a key of this project: rename the secret")
        elif secret.name not in given:
            yield Problem(full, None, f"is missing, and the application needs it; type {command}. {secret.meaning}")
        elif full not in encrypted:
            known = "take its value for known, and set a new one with"
            yield Problem(full, None, f"is a secret, and not encrypted; {known} {command}")
        elif not given[secret.name]:
            yield Problem(full, None, f"is empty; type {command}. {secret.meaning}")


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
