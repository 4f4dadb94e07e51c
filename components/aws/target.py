"""The target `aws`: from a stack's settings and what the application needs to the resources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Final

import pulumi

from app.spec import AppSpec
from components.aws.function import FunctionArgs
from components.aws.http_api import HttpApi, HttpApiArgs
from components.aws.package import build_package
from components.packaging.platforms import native_machine
from components.project import Project
from components.settings import Settings
from components.targets import Plan

OFFERED: Final[Collection[str]] = frozenset()


def plan(name: str, project: Project, settings: Settings, spec: AppSpec) -> Plan:
    """Builds the package and checks the arguments. Raises ComponentError."""
    tags = settings.tags_for(project.stack, name)
    function = FunctionArgs(
        package=build_package(project, name, settings),
        handler="functions.http.handler",
        runtime=settings.runtime,
        architecture=native_machine() if settings.architecture == "native" else settings.architecture,
        memory=settings.memory,
        timeout=settings.timeout,
        snap_start=settings.snap_start,
        log_retention=settings.log_retention,
        environment={**spec.environment, "PARALLAX_APPLICATION": spec.application},
        tags=tags,
    )
    args = HttpApiArgs(
        function=function,
        routes=spec.routes,
        throttle_rate=settings.throttle_rate,
        throttle_burst=settings.throttle_burst,
        cors_origins=settings.cors_origins,
        tags=tags,
    )
    return partial(_register, name, args)


def _register(name: str, args: HttpApiArgs) -> Mapping[str, pulumi.Output[str]]:
    api = HttpApi(name, args)
    return {"url": api.url, "function_name": api.function_name, "api_id": api.api_id, "log_group": api.log_group}
