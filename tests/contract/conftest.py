"""One suite, three engines: in memory, on AWS, on Cloudflare.

The last two are the deployment that this test run makes for itself, or with ``--aws-url`` and ``--cloudflare-url`` any
other, a real one too. Such a one is not told to fail; a key of its webhooks, as ``whsec_BASE64``, is taken from the
variable WEBHOOK_KEY.
"""

import base64
import os
import secrets
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from app.api import app
from app.memory import MemoryPorts, MemorySecrets
from tests import webhook_sender
from tests.contract.engine import Engine, LocalModelControl, MemoryModelControl
from tests.deployment import deployed

__all__ = ["deployed"]

ENGINES = ("memory", "aws", "cloudflare")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever shares a deployment runs in the process that made it."""
    for item in items:
        if "engine" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("contract"))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each test runs once on each engine."""
    return engine_named(request.param, request)


def engine_named(name: str, request: pytest.FixtureRequest) -> Engine:
    """One engine of ENGINES; the one in memory is a new one each time."""
    if name == "memory":
        return memory_engine()
    base_url = request.config.getoption(f"--{name}-url")
    if base_url is not None:
        key = os.environ.get("WEBHOOK_KEY")
        return Engine(name, base_url, webhook_key=None if key is None else base64.b64decode(key.removeprefix("whsec_")))
    deployment = request.getfixturevalue("deployed")
    return Engine(
        name,
        getattr(deployment, f"{name}_url"),
        webhook_key=webhook_sender.ANY_SOURCE,
        shop_key=webhook_sender.SHOP_ONLY,
        model=LocalModelControl(deployment.sandbox),
    )


def memory_engine() -> Engine:
    """The application with ports in memory of its own."""
    ports = MemoryPorts(secrets=MemorySecrets({"webhookKeys": webhook_sender.KEYS}))

    async def server(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "parallax": ports}, receive, send)

    return Engine(
        "memory",
        "http://memory",
        httpx.ASGITransport(app=server, raise_app_exceptions=False),
        webhook_sender.ANY_SOURCE,
        webhook_sender.SHOP_ONLY,
        MemoryModelControl(ports.text_model),
    )


@pytest.fixture
async def client(engine: Engine) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the engine."""
    async with engine.client() as client:
        yield client


@pytest.fixture
def unique() -> str:
    """A word that no other test has used: engines keep what is written."""
    return f"t{secrets.token_hex(6)}"
