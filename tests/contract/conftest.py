"""One suite, three engines: in memory, on AWS, on Cloudflare.

The last two are the deployment that this test run makes for itself, or with ``--aws-url`` and ``--cloudflare-url`` any
other, a real one too.
"""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.api import app
from tests.contract.engine import Engine
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
    name: str = request.param
    if name == "memory":
        return Engine(name, "http://memory", httpx.ASGITransport(app=app, raise_app_exceptions=False))
    base_url = request.config.getoption(f"--{name}-url")
    if base_url is None:
        base_url = getattr(request.getfixturevalue("deployed"), f"{name}_url")
    return Engine(name, base_url)


@pytest.fixture
async def client(engine: Engine) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose paths are joined to the engine's base URL, which may have a path of its own."""
    async with httpx.AsyncClient(base_url=engine.base_url, transport=engine.transport, timeout=30) as client:
        yield client
