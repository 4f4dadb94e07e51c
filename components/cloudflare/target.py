"""The target `cloudflare`: from a stack's settings and what the application needs to the resources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Final

import pulumi

from app.spec import AppSpec
from components.cloudflare.http_api import HttpApi, HttpApiArgs
from components.cloudflare.package import build_package
from components.project import Project
from components.settings import Settings
from components.targets import Plan

OFFERED: Final[Collection[str]] = frozenset()


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
    return partial(_register, name, args)


def _register(name: str, args: HttpApiArgs) -> Mapping[str, pulumi.Output[str]]:
    api = HttpApi(name, args)
    return {"url": api.url, "script_name": api.script_name}
