"""The target `aws`: from a stack's settings and what the application needs to the resources."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Collection, Mapping
from functools import partial
from typing import Final

import pulumi

from app.spec import AppSpec
from components.aws.function import FunctionArgs
from components.aws.grant import Grant
from components.aws.http_api import HttpApi, HttpApiArgs
from components.aws.package import build_package
from components.aws.secrets import Secrets, SecretsArgs
from components.aws.state import State, StateArgs
from components.aws.text_model import TextModel
from components.packaging.platforms import native_machine
from components.project import Project
from components.settings import Settings
from components.targets import Plan

OFFERED: Final[Collection[str]] = frozenset({"text_model", "state", "secrets"})


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
    model = state = secrets = None
    if spec.text_model:
        model = TextModel.chosen(spec.text_model.model, settings.aws_text_model, _region(), settings.timeout)
    if spec.state:
        state = (f"{name}-{spec.state.name}", StateArgs(tags=tags))
    if spec.secrets:
        secrets = SecretsArgs(values=settings.secrets, recovery_days=settings.secret_recovery_days, tags=tags)
    return partial(_register, name, args, model, state, secrets)


def _register(
    name: str,
    args: HttpApiArgs,
    model: TextModel | None,
    state: tuple[str, StateArgs] | None,
    secrets: SecretsArgs | None,
) -> Mapping[str, pulumi.Output[str]]:
    grants: list[Grant] = []
    outputs: dict[str, pulumi.Output[str]] = {}
    if model:
        grants.append(model.grant)
        outputs["text_model"] = pulumi.Output.from_input(model.model)
    if state:
        items = State(*state)
        grants.append(items.grant)
        outputs["table_name"] = items.database_name
    if secrets:
        grants.append(Secrets(f"{name}-secrets", secrets).grant)
    function = dataclasses.replace(args.function, grants=tuple(grants))
    api = HttpApi(name, dataclasses.replace(args, function=function))
    named = {"url": api.url, "function_name": api.function_name, "api_id": api.api_id, "log_group": api.log_group}
    return {**named, **outputs}


def _region() -> str | None:
    """Where the provider will work, as far as config and environment say; a profile may say it, too."""
    config = pulumi.Config("aws").get("region")
    return config or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or None
