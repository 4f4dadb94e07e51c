"""What the deployed function may do is what it does: no right is missing, and none is more than it needs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from tests.contract.exercise import exercise
from tests.deployment import Deployed
from tools.sandbox import outputs

pytestmark = pytest.mark.xdist_group("contract")  # shares the contract suite's deployment
Right = tuple[str, str]
_SETTLES = 30  # seconds: logs and the record are written in the background


def as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@pytest.fixture
def client(deployed: Deployed) -> Callable[[str], Any]:
    """AWS's own clients, by service."""
    sandbox = deployed.sandbox

    def make(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=sandbox.aws_endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    return make


@pytest.fixture
def role(deployed: Deployed, client: Callable[[str], Any]) -> str:
    """The function's role, by its ARN."""
    name = outputs(deployed.sandbox.stack(deployed.sandbox.folder / "project"))["aws_function_name"]
    return str(client("lambda").get_function_configuration(FunctionName=name)["Role"])


@pytest.fixture
def statements(client: Callable[[str], Any], role: str) -> list[dict[str, Any]]:
    """Every statement that holds for the function's role."""
    iam, name = client("iam"), role.rpartition("/")[2]
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    documents = [
        iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
    ]
    return [statement for document in documents for statement in document["Statement"]]


def test_no_right_is_a_wildcard(statements: list[dict[str, Any]]) -> None:
    assert statements
    for statement in statements:
        assert statement["Effect"] == "Allow"
        assert not {"NotAction", "NotResource"} & statement.keys()
        for action in as_list(statement["Action"]):
            assert "*" not in action
        for resource in as_list(statement["Resource"]):
            # The streams of one log group have no other name.
            assert "*" not in resource.removesuffix(":*") or resource.startswith("arn:aws:logs:"), resource
            assert resource.startswith("arn:")


def test_granted_is_used(deployed: Deployed, role: str, statements: list[dict[str, Any]]) -> None:
    exercise(deployed.aws_url)
    granted = {
        (action, resource.removesuffix(":*"))
        for statement in statements
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }
    record = deployed.sandbox.folder / "localcloud" / "logs" / "access.jsonl"
    end = time.monotonic() + _SETTLES
    while True:
        used, refused = _decisions(record.read_text(), role)
        if granted == used or time.monotonic() > end:
            break
        time.sleep(0.2)
    assert refused == set()
    assert used == granted


def _decisions(text: str, role: str) -> tuple[set[Right], set[Right]]:
    """What a role was allowed, and what it was refused."""
    used: set[Right] = set()
    refused: set[Right] = set()
    for line in text.splitlines():
        entry = json.loads(line)
        if entry["principal"] == role:
            resource = entry["resource"].partition(":log-stream:")[0]
            (used if entry["allowed"] else refused).add((entry["action"], resource))
    return used, refused
