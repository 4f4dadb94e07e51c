from types import SimpleNamespace
from typing import Any

import pytest
from parallax_cloudflare import bootstrap
from parallax_cloudflare.bootstrap import (
    Message,
    PortedApplication,
    Receive,
    Scope,
    Send,
    WorkerPorts,
    deployed_application,
    load_application,
)
from parallax_cloudflare.errors import ApplicationNotFoundError, CapabilityMissingError
from parallax_cloudflare.platform import Isolate, WorkerPlatform

from app.api import app
from app.ports import SCOPE_KEY, Ports
from functions import bootstrap as functions_bootstrap
from functions.errors import ApplicationNotFoundError as NotFoundOnAws

ENV = SimpleNamespace(CF_VERSION_METADATA=SimpleNamespace(id="5b0c"))


async def never() -> Message:
    raise AssertionError("not asked for")


async def nothing(_message: Message) -> None:
    """Sends nowhere."""


def test_the_application_is_found_by_its_name() -> None:
    assert load_application("app.api:app") is app


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "set it to module:attribute"),
        ("app.api", "set it to module:attribute"),
        ("absent.api:app", "is not in the Worker"),
        ("app.absent:app", "is not in the Worker"),
        ("app.api:absent", "has no ASGI application 'absent'"),
    ],
)
def test_a_name_of_nothing_says_what_to_change(name: str, reason: str) -> None:
    with pytest.raises(ApplicationNotFoundError, match=reason) as raised:
        deployed_application(SimpleNamespace(PARALLAX_APPLICATION=name))
    assert str(raised.value).startswith("application_not_found: ")


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(ApplicationNotFoundError, match="PARALLAX_APPLICATION is ''"):
        deployed_application(object())


@pytest.mark.anyio
async def test_each_request_has_its_ports_and_the_lifespan_none() -> None:
    scopes: list[Scope] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        scopes.append(scope)

    ported = PortedApplication(application)
    request: dict[str, Any] = {"type": "http", "headers": [(b"cf-ray", b"1-FRA")], "env": ENV}
    await ported({"type": "lifespan"}, never, nothing)
    await ported(dict(request), never, nothing)
    await ported({**request, "headers": [(b"cf-ray", b"2-AMS")]}, never, nothing)
    assert bootstrap.SCOPE_KEY == SCOPE_KEY
    assert SCOPE_KEY not in scopes[0]
    first: Ports = scopes[1][SCOPE_KEY]
    second: Ports = scopes[2][SCOPE_KEY]
    assert (first.platform.cloud, first.platform.version) == ("cloudflare", "5b0c")
    assert (first.platform.region, second.platform.region) == ("FRA", "AMS")
    assert first.platform.instance == second.platform.instance


def test_the_two_clouds_read_the_applications_name_alike() -> None:
    """Neither entry point may import the other's loader, nor ``app``: a copy each, held together here."""
    for name in ("", "app", "app.api:", "app.nothing:app", "app.api:nothing"):
        with pytest.raises(ApplicationNotFoundError) as on_cloudflare:
            load_application(name)
        with pytest.raises(NotFoundOnAws) as on_aws:
            functions_bootstrap.load_application({"PARALLAX_APPLICATION": name})
        assert str(on_aws.value).replace("in the package", "in the Worker") == str(on_cloudflare.value)


@pytest.mark.parametrize("port", ["text_model", "state"])
def test_what_is_not_declared_is_a_fault_that_says_so(port: str) -> None:
    platform = WorkerPlatform(Isolate(), [], ENV)
    with pytest.raises(CapabilityMissingError, match=r"capability_missing: .*AppSpec"):
        getattr(WorkerPorts(platform, ENV), port)
    bound = SimpleNamespace(AI=object(), PARALLAX_TEXT_MODEL="@cf/m", STATE=object())
    assert getattr(WorkerPorts(platform, bound), port)
