"""A real deployment for tests: the real engine, the real runtimes, a local cloud of the test run's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import webhook_sender
from tools.sandbox import Sandbox, outputs


@dataclass(frozen=True, slots=True)
class Deployed:
    """Where the deployed application answers: base URLs, without a slash at the end; and the cloud that it is on."""

    sandbox: Sandbox
    aws_url: str
    cloudflare_url: str


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The stack `dev` with both targets, deployed once for the whole run and gone after it."""
    sandbox = Sandbox(tmp_path_factory.mktemp("deployed"), secrets={"webhookKeys": webhook_sender.KEYS})
    sandbox.open()
    try:
        stack = sandbox.stack(sandbox.project())
        stack.up()
        urls = outputs(stack)
        yield Deployed(sandbox, urls["aws_url"].rstrip("/"), urls["cloudflare_url"].rstrip("/"))
        stack.destroy()
    finally:
        sandbox.close()
