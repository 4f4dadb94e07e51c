"""The real Pulumi engine drives the stand-in AWS provider against an AWS API."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest

from tests.localcloud.providers.conftest import Stack

Cloud = Any


@pytest.fixture
def cloud(aws_endpoint: str) -> Cloud:
    """A client of the AWS API for a service, as somebody else would use it."""

    def client(service: str) -> Any:
        return botocore.session.Session().create_client(
            service,
            region_name="eu-west-1",
            endpoint_url=aws_endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    return client


def test_life_of_a_stack(stack: Stack, cloud: Cloud) -> None:
    stack.up()
    first = stack.outputs()
    assert first["region"] == "eu-west-1"
    assert first["version"] == "1"
    assert "hush-hush" not in json.dumps(stack.state()), "a secret is encrypted in state"
    variables = cloud("lambda").get_function_configuration(FunctionName=first["function"])["Environment"]["Variables"]
    assert variables == {"PLAIN": "plain", "SECRET": "hush-hush"}

    assert "11 unchanged" in stack.preview()

    shown = stack.preview("changed")
    assert "aws:lambda/function:Function" in shown
    assert "[unknown]" in shown or "output<string>" in shown, "the new version is not known in a preview"
    assert "hush-hush" not in shown
    stack.up("changed,retention")
    assert stack.outputs()["version"] == "2"
    live = cloud("lambda").get_alias(FunctionName=first["function"], Name="live")
    assert live["FunctionVersion"] == "2"
    group = cloud("logs").describe_log_groups()["logGroups"][0]
    assert group["retentionInDays"] == 14

    stack.up("changed,retention,path")
    assert stack.outputs()["role"] != first["role"], "a replacement has a name of its own"
    assert len(cloud("iam").list_roles()["Roles"]) == 1, "what was replaced is gone"

    stack.run("destroy", "--yes")
    assert cloud("iam").list_roles()["Roles"] == []
    assert cloud("lambda").list_functions()["Functions"] == []
    assert cloud("logs").describe_log_groups()["logGroups"] == []
    assert cloud("apigatewayv2").get_apis()["Items"] == []


def test_refresh_and_import(stack: Stack, cloud: Cloud) -> None:
    stack.up()
    function = stack.outputs()["function"]
    cloud("lambda").delete_alias(FunctionName=function, Name="live")
    cloud("logs").put_retention_policy(logGroupName=stack.resource("group")["id"], retentionInDays=30)
    cloud("iam").create_role(RoleName="by-hand", AssumeRolePolicyDocument="{}", Path="/hand/")

    shown = stack.run("refresh", "--yes")
    assert "1 deleted" in shown
    assert "1 updated" in shown
    assert stack.resource("group")["inputs"]["retentionInDays"] == 30

    stack.up()
    assert cloud("lambda").get_alias(FunctionName=function, Name="live")["FunctionVersion"] == "1"
    assert stack.resource("group")["inputs"]["retentionInDays"] == 7
    assert "11 unchanged" in stack.preview()

    stack.run("import", "aws:iam/role:Role", "found", "by-hand", "--yes", "--generate-code=false", "--protect=false")
    assert stack.resource("found")["inputs"]["path"] == "/hand/"


def test_an_endpoint_of_the_real_cloud_is_refused(stack: Stack) -> None:
    config = stack.folder / "Pulumi.test.yaml"
    config.write_text(config.read_text().replace("http://127.0.0.1", "http://lambda.eu-west-1.amazonaws.com"))
    shown = stack.run("preview", fails=True)
    assert "not on this machine" in shown
    assert "PULUMI_IGNORE_AMBIENT_PLUGINS" in shown


def test_somebody_elses_function_is_not_taken(stack: Stack, cloud: Cloud) -> None:
    cloud("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument="{}")
    role = cloud("iam").get_role(RoleName="theirs")["Role"]["Arn"]
    stack.up()
    name = stack.outputs()["function"]
    stack.run("destroy", "--yes")
    code = {"ZipFile": b"theirs"}
    cloud("lambda").create_function(FunctionName=name, Role=role, Code=code, Runtime="python3.13", Handler="a.b")
    assert "ResourceConflictException" in stack.run("up", "--yes", "--skip-preview", fails=True)
    assert cloud("lambda").get_function(FunctionName=name)["Configuration"]["Handler"] == "a.b"
