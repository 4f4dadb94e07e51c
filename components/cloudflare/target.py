"""The target `cloudflare`: from a stack's settings and what the application needs to the resources."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from functools import partial
from typing import Final

import pulumi

from app.spec import AppSpec
from components.cloudflare.api import Api
from components.cloudflare.grant import Grant
from components.cloudflare.http_api import HttpApi, HttpApiArgs
from components.cloudflare.migrations import Migrations
from components.cloudflare.package import MIGRATIONS, build_package
from components.cloudflare.secrets import Secrets
from components.cloudflare.state import State, StateArgs
from components.cloudflare.text_model import TextModel
from components.project import Project
from components.settings import Settings
from components.targets import Plan

OFFERED: Final[Collection[str]] = frozenset({"text_model", "state", "secrets"})


def plan(name: str, project: Project, settings: Settings, spec: AppSpec) -> Plan:
    """Builds the package and checks the arguments. Raises ComponentError."""
    assert settings.cloudflare_account_id  # Settings refuses the target without it
    args = HttpApiArgs(
        account_id=settings.cloudflare_account_id,
        package=build_package(project, name, settings),
        compatibility_date=settings.compatibility_date,
        compatibility_flags=settings.compatibility_flags,
        zone_id=settings.cloudflare_zone_id,
        route=settings.route,
        workers_dev_url=settings.workers_dev_url,
        cpu_ms=settings.cpu_ms,
        environment={**spec.environment, "PARALLAX_APPLICATION": spec.application},
    )
    model = TextModel.chosen(spec.text_model.model, settings.cloudflare_text_model) if spec.text_model else None
    state = None
    if spec.state:
        migrations = Migrations.read(project.root / "workers" / MIGRATIONS)
        state_args = StateArgs(account_id=settings.cloudflare_account_id, migrations=migrations, api=Api.of_provider())
        state = (f"{name}-{spec.state.name}", state_args)
    secrets = Secrets(values=settings.secrets) if spec.secrets else None
    return partial(_register, name, args, model, state, secrets)


def _register(
    name: str,
    args: HttpApiArgs,
    model: TextModel | None,
    state: tuple[str, StateArgs] | None,
    secrets: Secrets | None,
) -> Mapping[str, pulumi.Output[str]]:
    grants: list[Grant] = []
    outputs: dict[str, pulumi.Output[str]] = {}
    if model:
        grants.append(model.grant)
        outputs["text_model"] = pulumi.Output.from_input(model.model)
    if state:
        items = State(*state)
        grants.append(items.grant)
        outputs |= {"database_name": items.database_name, "database_id": items.database_id}
    if secrets:
        grants.append(secrets.grant)
    api = HttpApi(name, dataclasses.replace(args, grants=tuple(grants)))
    return {"url": api.url, "script_name": api.script_name, **outputs}
