"""Both clouds' HttpApi: what is registered, under which names, and with which rights."""

from __future__ import annotations

import dataclasses
import inspect
import json
from typing import Any

import pulumi
import pytest

from app.spec import SPEC
from components import aws, cloudflare
from components.aws.package import Package as LambdaPackage
from components.cloudflare.api import Api
from components.cloudflare.migrations import Migration, Migrations
from components.cloudflare.package import Module
from components.cloudflare.package import Package as WorkerPackage
from components.errors import ArgumentError
from components.secret_value import SecretValue
from tests.components.conftest import Recorder

TOKENS = {
    aws.Function: "parallax:aws:Function",
    aws.HttpApi: "parallax:aws:HttpApi",
    aws.Secrets: "parallax:aws:Secrets",
    aws.State: "parallax:aws:State",
    cloudflare.HttpApi: "parallax:cloudflare:HttpApi",
    cloudflare.State: "parallax:cloudflare:State",
}

FUNCTION = aws.FunctionArgs(
    package=LambdaPackage(path="app.zip", sha256="c2hh"),
    handler="functions.http.handler",
    runtime="python3.13",
    architecture="arm64",
    memory=512,
    timeout=10,
    snap_start=True,
    log_retention=14,
    environment={"PARALLAX_APPLICATION": "app.api:app"},
    tags={"Stack": "dev"},
)
AWS = aws.HttpApiArgs(function=FUNCTION, routes=SPEC.routes, throttle_rate=100, throttle_burst=50)
CLOUDFLARE = cloudflare.HttpApiArgs(
    account_id="a" * 32,
    package=WorkerPackage(
        main=Module(path="entry.py", sha256="1", content_type="text/x-python"),
        modules={"app/api.py": Module(path="app/api.py", sha256="2", content_type="text/x-python")},
    ),
    compatibility_date="2026-09-01",
    compatibility_flags=("python_workers",),
    workers_dev_url="https://{script}.acme.workers.dev",
)
CASES: list[Any] = [
    (aws.Function, FUNCTION),
    (aws.HttpApi, AWS),
    (aws.Secrets, aws.SecretsArgs(values={"webhookKeys": SecretValue("whsec_MARKER")})),
    (aws.State, aws.StateArgs()),
    (cloudflare.HttpApi, CLOUDFLARE),
    (
        cloudflare.State,
        cloudflare.StateArgs(
            account_id="a" * 32,
            migrations=Migrations((Migration("0001_items.sql", "CREATE TABLE items (key TEXT);"),)),
            api=Api("https://api.example.com", {}),
        ),
    ),
]


def _run(body: Any) -> Any:
    """Runs what registers resources to its end, and gives the values of the outputs it returns."""
    found: dict[str, Any] = {}

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK leaves it without types
    def program() -> Any:
        outputs = body()
        return pulumi.Output.all(**outputs).apply(found.update)

    program()
    return found


def _outputs(component: Any) -> dict[str, Any]:
    return {name: getattr(component, name) for name in _annotated(type(component))}


def _annotated(component: type) -> set[str]:
    return set(inspect.get_annotations(component))


def test_type_tokens_are_frozen_and_complete() -> None:
    ours = {cls for cls in pulumi.ComponentResource.__subclasses__() if cls.__module__.startswith("components.")}
    assert ours == set(TOKENS)


@pytest.mark.parametrize(("component", "args"), CASES)
def test_two_instances_do_not_collide_and_children_carry_their_component(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, component: Any, args: Any
) -> None:
    registered: dict[str, Any] = {}
    monkeypatch.setattr(component, "register_outputs", lambda _self, outputs: registered.update(outputs))
    parents: dict[str, Any] = {}
    original = pulumi.Resource.__init__

    def spy(self: Any, t: str, name: str, *rest: Any, **named: Any) -> None:
        original(self, t, name, *rest, **named)
        options = named.get("opts") or next((o for o in rest if isinstance(o, pulumi.ResourceOptions)), None)
        parents[f"{t}::{name}"] = options.parent if options else None

    monkeypatch.setattr(pulumi.Resource, "__init__", spy)
    made: list[Any] = []

    def body() -> dict[str, Any]:
        made.extend([component("one", args), component("two", args)])
        return _outputs(made[0])

    _run(body)
    assert set(registered) == _annotated(component)
    keys = [f"{resource.type}::{resource.name}" for resource in recorder.resources]
    assert len(keys) == len(set(keys))
    assert f"{TOKENS[component]}::one" in keys
    tops = {f"{TOKENS[component]}::one", f"{TOKENS[component]}::two"}
    for key, parent in parents.items():
        assert key.partition("::")[2].startswith(("one", "two"))
        assert (parent is None) == (key in tops)
    unique = ("/role:Role", "/function:Function", "/table:Table", "/secret:Secret", "/alias:Alias", ":D1Database")
    named = [
        (r.type, r.inputs["name"])
        for r in recorder.resources
        if r.type.endswith(unique) and not r.type.startswith("aws:lambda/alias")
    ]
    assert len(named) == len(set(named))


def test_aws_rights_are_exact(recorder: Recorder) -> None:
    outputs = _run(lambda: _outputs(aws.HttpApi("api", AWS)))
    assert outputs["url"] == "https://abc123.execute-api.us-east-1.amazonaws.com"
    assert outputs["function_name"] == "parallax-dev-api"
    (statement,) = json.loads(recorder.one("aws:iam/rolePolicy:RolePolicy")["policy"])["Statement"]
    assert sorted(statement["Action"]) == ["logs:CreateLogStream", "logs:PutLogEvents"]
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/parallax-dev-api"
    assert statement["Resource"] == f"{group}:*"
    trust = json.loads(recorder.one("aws:iam/role:Role")["assumeRolePolicy"])["Statement"]
    assert [entry["Principal"] for entry in trust] == [{"Service": "lambda.amazonaws.com"}]
    permission = recorder.one("aws:lambda/permission:Permission")
    assert permission["sourceArn"] == "arn:aws:execute-api:us-east-1:123456789012:abc123/*/*"
    assert permission["qualifier"] == "live"
    assert permission["principal"] == "apigateway.amazonaws.com"


def test_aws_function_and_stage(recorder: Recorder) -> None:
    _run(lambda: _outputs(aws.HttpApi("api", AWS)))
    function = recorder.one("aws:lambda/function:Function")
    assert function["publish"] is True
    assert function["snapStart"] == {"applyOn": "PublishedVersions"}
    assert function["loggingConfig"]["logGroup"] == "/aws/lambda/parallax-dev-api"
    assert function["architectures"] == ["arm64"]
    alias = recorder.one("aws:lambda/alias:Alias")
    assert (alias["name"], alias["functionVersion"]) == ("live", "7")
    integration = recorder.one("aws:apigatewayv2/integration:Integration")
    assert integration["payloadFormatVersion"] == "2.0"
    assert integration["integrationUri"] == "arn:invoke:parallax-dev-api:live"
    keys = {route.inputs["routeKey"] for route in recorder.of("aws:apigatewayv2/route:Route")}
    assert keys == {f"{route.method} {route.path}" for route in SPEC.routes if not route.is_catch_all} | {"$default"}
    stage = recorder.one("aws:apigatewayv2/stage:Stage")
    assert stage["name"] == "$default"
    assert stage["defaultRouteSettings"] == {"throttlingRateLimit": 100, "throttlingBurstLimit": 50}
    assert json.loads(stage["accessLogSettings"]["format"])["status"] == "$context.status"


def test_worker_on_workers_dev(recorder: Recorder) -> None:
    outputs = _run(lambda: _outputs(cloudflare.HttpApi("api", CLOUDFLARE)))
    assert outputs["url"] == "https://parallax-dev-api.acme.workers.dev"
    assert recorder.one("cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain")["enabled"] is True
    assert not recorder.of("cloudflare:index/workersRoute:WorkersRoute")
    script = recorder.one("cloudflare:index/workersScript:WorkersScript")
    assert script["mainModule"] == "entry.py"
    assert script["contentType"] == "text/x-python"
    assert script["files"]["app/api.py"]["contentSha256"] == "2"


def test_worker_at_a_route(recorder: Recorder) -> None:
    args = dataclasses.replace(CLOUDFLARE, zone_id="b" * 32, route="api.example.com/*", workers_dev_url=None)
    outputs = _run(lambda: _outputs(cloudflare.HttpApi("api", args)))
    assert outputs["url"] == "https://api.example.com"
    assert recorder.one("cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain")["enabled"] is False
    assert recorder.one("cloudflare:index/workersRoute:WorkersRoute")["script"] == "parallax-dev-api"


def test_arguments_are_refused_before_anything_is_registered(recorder: Recorder) -> None:
    with pytest.raises(ArgumentError, match="4096"):
        dataclasses.replace(FUNCTION, environment={"LARGE": "x" * 4096})
    with pytest.raises(ArgumentError, match="5120"):
        dataclasses.replace(CLOUDFLARE, environment={"LARGE": "x" * 5121})
    with pytest.raises(ArgumentError, match="bind a name twice: CF_VERSION_METADATA"):
        dataclasses.replace(CLOUDFLARE, environment={"CF_VERSION_METADATA": "mine"})
    with pytest.raises(ArgumentError, match="zone_id"):
        dataclasses.replace(CLOUDFLARE, route="api.example.com/*")
    with pytest.raises(ArgumentError, match="throttle_rate"):
        dataclasses.replace(AWS, throttle_rate=0)
    assert not recorder.resources
