"""Each end-to-end module has a local cloud of its own; its tests share that cloud and run in their order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.sandbox import Sandbox, running_under


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A module's tests build on each other: they stay on one worker process."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A running local cloud; at the end it must leave no process behind."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"))
    sandbox.open()
    try:
        yield sandbox
    finally:
        sandbox.close()
    assert running_under(sandbox.folder) == []
