"""What all tests share."""

import os

import pytest

_ACCOUNTS = ("AWS_", "CLOUDFLARE_", "PULUMI_")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The contract suite can be aimed at any deployment, a real one too."""
    group = parser.getgroup("parallax")
    group.addoption(
        "--aws-url", help="run the contract tests against this base URL instead of a deployment of their own"
    )
    group.addoption("--cloudflare-url", help="the same for Cloudflare")


def pytest_configure() -> None:
    """No test sees the developer's own accounts: none can reach a real one by chance."""
    for name in [name for name in os.environ if name.startswith(_ACCOUNTS)]:
        del os.environ[name]


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that asynchronous tests run on: the one of the standard library, as deployed."""
    return "asyncio"
