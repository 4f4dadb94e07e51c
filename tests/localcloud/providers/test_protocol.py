"""Checks, names, diffs and endpoints, without any engine."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.providers.aws.function import Function
from localcloud.providers.aws.iam_role import Role
from localcloud.providers.protocol.archive import zipped
from localcloud.providers.protocol.checking import check
from localcloud.providers.protocol.diff import changes
from localcloud.providers.protocol.drift import refreshed
from localcloud.providers.protocol.endpoint import require_loopback
from localcloud.providers.protocol.errors import EndpointRefusedError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName, NamingOption, automatic_name
from localcloud.providers.protocol.schema import Property
from localcloud.providers.protocol.values import UNKNOWN, Archive, Asset, Secret

URN = "urn:pulumi:dev::shop::aws:iam/role:Role::reader"
TRUST = json.dumps({"Statement": []})
RULE = AutoName(limit=20)


def test_defaults_and_a_name_are_filled_in_and_remembered_as_such() -> None:
    inputs, failures = check(Role(), {"assumeRolePolicy": TRUST}, {}, Identity(URN), None)
    assert failures == []
    assert inputs["path"] == "/"
    assert inputs["name"].startswith("reader-")
    assert inputs["__defaults"] == ["maxSessionDuration", "name", "path"]
    again, _ = check(Role(), {"assumeRolePolicy": TRUST}, inputs, Identity(URN, "another"), None)
    assert again["name"] == inputs["name"], "an automatic name is kept for life"


@pytest.mark.parametrize(
    ("inputs", "path", "reason"),
    [
        ({}, "assumeRolePolicy", "required"),
        ({"assumeRolePolicy": "no document"}, "assumeRolePolicy", "JSON"),
        ({"assumeRolePolicy": TRUST, "pfad": "/"}, "pfad", "permissionsBoundary"),
        ({"assumeRolePolicy": TRUST, "maxSessionDuration": "long"}, "maxSessionDuration", "whole number"),
        ({"assumeRolePolicy": TRUST, "inlinePolicies": [{"name": "a"}]}, "inlinePolicies[0].policy", "required"),
    ],
)
def test_wrong_inputs_are_refused_by_name(inputs: dict[str, Any], path: str, reason: str) -> None:
    _, failures = check(Role(), inputs, {}, Identity(URN), None)
    assert [failure.path for failure in failures] == [path]
    assert reason in failures[0].reason


def test_a_refused_secret_is_not_printed() -> None:
    inputs = {"assumeRolePolicy": TRUST, "maxSessionDuration": Secret("hush")}
    _, failures = check(Role(), inputs, {}, Identity(URN), None)
    assert "hush" not in failures[0].reason


def test_unknown_inputs_pass() -> None:
    assert check(Role(), {"assumeRolePolicy": UNKNOWN, "tags": UNKNOWN}, {}, Identity(URN), None)[1] == []


def test_names_repeat_for_the_same_step_and_differ_for_a_replacement() -> None:
    new = automatic_name(RULE, Identity(URN), {}, {}, None)
    assert new == automatic_name(RULE, Identity(URN), {}, {}, None)
    replacement = automatic_name(RULE, Identity(URN, new), {}, {}, None)
    assert replacement != new
    assert replacement == automatic_name(RULE, Identity(URN, new), {}, {}, None)
    assert Identity(URN).mark != Identity(URN, new).mark


def test_names_keep_to_the_limit_and_to_the_stack_s_wishes() -> None:
    long = Identity("urn:pulumi:dev::shop::aws:iam/role:Role::" + "x" * 60)
    assert len(automatic_name(RULE, long, {}, {}, None)) == 20
    assert automatic_name(RULE, long, {}, {}, NamingOption("propose", "mine")) == "mine"
    _, failures = check(Role(), {"assumeRolePolicy": TRUST}, {}, Identity(URN), NamingOption("disable", ""))
    assert failures[0].path == "name"


def _paths(olds: dict[str, Any], news: dict[str, Any], properties: dict[str, Property]) -> list[tuple[str, str, bool]]:
    return [(change.path, change.kind, change.replaces) for change in changes(olds, news, properties)]


def test_changes_have_the_paths_that_pulumi_shows() -> None:
    properties = {**Function.inputs, "list": Property("list"), "set": Property("set"), "document": Property("json")}
    olds = {"environment": {"variables": {"A.B": "1", "C": "1"}}, "list": [1, 2], "name": "a", "set": ["x", "y"]}
    news = {"environment": {"variables": {"A.B": "2"}}, "list": [1, 3, 4], "name": "b", "set": ["y", "x"]}
    assert _paths(olds, news, properties) == [
        ('environment.variables["A.B"]', "update", False),
        ("environment.variables.C", "delete", False),
        ("list[1]", "update", False),
        ("list[2]", "add", False),
        ("name", "update", True),
    ]


def test_what_means_the_same_is_no_change() -> None:
    properties = {"policy": Property("json"), "code": Property("archive"), "tags": Property("map")}
    olds = {
        "policy": '{"Action": ["a"], "Resource": ["x", "y"]}',
        "code": Archive(hash="1"),
        "tags": {"k": "v"},
        "description": None,
    }
    news = {
        "policy": '{"Resource":["y","x"],"Action":"a"}',
        "code": Archive(hash="1", path="somewhere"),
        "tags": Secret({"k": "v"}),
    }
    assert changes(olds, news, properties) == []
    assert _paths({"a": "b"}, {"a": UNKNOWN}, {"a": Property(replaces=True)}) == [("a", "update", True)]


def test_a_refresh_reports_drift_and_nothing_that_nobody_chose() -> None:
    olds = {"memorySize": 128, "loggingConfig": {"logFormat": "JSON"}, "description": "mine", "publish": True}
    now = {"memorySize": 256, "loggingConfig": {"logFormat": "JSON", "logGroup": "/aws/lambda/f"}, "timeout": 3}
    found = refreshed(olds, {**now, "description": None}, Function.inputs)
    assert found == {"memorySize": 256, "loggingConfig": {"logFormat": "JSON"}, "publish": True}


def test_the_same_files_are_the_same_zip() -> None:
    one = Archive(assets={"b.py": Asset(text="b"), "a": Archive(assets={"c.py": Asset(text="c")})})
    two = Archive(assets={"a": Archive(assets={"c.py": Asset(text="c")}), "b.py": Asset(text="b")})
    assert zipped(one) == zipped(two)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:4566", "http://127.9.9.9:1/", "http://[::1]:4566", "http://localhost:1"]
)
def test_this_machine_is_allowed(url: str) -> None:
    assert require_loopback(url, "aws:endpoints", "pulumi_aws") == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "https://lambda.eu-west-1.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://0.0.0.0:4566",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com",
        "ftp://127.0.0.1",
        "127.0.0.1:4566",
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(EndpointRefusedError, match="not on this machine"):
        require_loopback(url, "aws:endpoints", "pulumi_aws")
