"""One client and one connection a service, however many requests; none before the first."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from functions.bootstrap import SERVICES, LambdaPorts, lambda_ports
from functions.clients import Clients
from functions.errors import CapabilityMissingError
from tests.functions.service import Reply, Service

VARIABLES = {
    "PARALLAX_TEXT_MODEL": "us.meta.llama3-3-70b-instruct-v1:0",
    "PARALLAX_STATE_TABLE": "table",
    "PARALLAX_SECRETS": "{}",
    "PARALLAX_TIMEOUT": "29",
}


@pytest.mark.anyio
async def test_a_hundred_calls_share_one_client_and_one_connection(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    ports = LambdaPorts(VARIABLES)
    session = ports._clients._loaded_session()
    create = session.create_client

    def counted(name: str, **more: Any) -> Any:
        made.append(name)
        return create(name, **more)

    monkeypatch.setattr(session, "create_client", counted)
    service.replies = [Reply({})]
    for number in range(100):
        assert await ports.state.get("items", str(number), now=0) is None
    assert made == ["dynamodb"]
    assert (len(service.requests), service.connections) == (100, 1)


def test_what_is_done_before_a_snapshot_opens_nothing(service: Service) -> None:
    ports = lambda_ports({**VARIABLES, "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"})
    assert ports._clients._session is not None
    assert ports._clients._clients == {}
    assert ports._clients._session._credentials is None
    assert service.connections == 0


def test_without_a_snapshot_the_sdk_is_not_loaded_until_it_is_needed() -> None:
    code = """
import os, sys
os.environ["PARALLAX_APPLICATION"] = "app.api:app"
import functions.http
print(sorted(name for name in sys.modules if name in ("botocore", "boto3", "urllib3", "functions.text_model")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_each_capability_has_its_service() -> None:
    assert SERVICES.keys() | {"PARALLAX_TIMEOUT"} == VARIABLES.keys()
    assert Clients()._clients == {}


@pytest.mark.parametrize("port", ["text_model", "state", "secrets"])
def test_what_is_not_declared_is_a_fault_that_says_so(port: str) -> None:
    with pytest.raises(CapabilityMissingError, match=r"capability_missing: .*AppSpec"):
        getattr(LambdaPorts({}), port)
    assert getattr(LambdaPorts(VARIABLES), port)
