"""A service to speak to, and an environment that leads there."""

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.loaders import Loader

from tests.functions.service import Service, environment, serving


@pytest.fixture(scope="session")
def descriptions() -> Loader:
    """What the SDK knows of the services, read once for all tests."""
    return botocore.session.get_session().get_component("data_loader")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, descriptions: Loader) -> Iterator[Service]:
    def session() -> Any:
        made = botocore.session.Session()
        made.register_component("data_loader", descriptions)
        return made

    monkeypatch.setattr(botocore.session, "get_session", session)
    with serving() as service:
        environment(monkeypatch, service)
        yield service
