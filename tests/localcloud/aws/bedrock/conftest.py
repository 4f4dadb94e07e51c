"""One front door for all tests here; each finds the model as it is by default."""

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.localcloud.aws.conftest import Cloud, Function, _run


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    ready, found = threading.Event(), list[tuple[Cloud, Callable[[], object]]]()

    def started(cloud: Cloud, stop: Callable[[], object]) -> None:
        found.append((cloud, stop))
        ready.set()

    arguments = (tmp_path_factory.mktemp("aws"), Function(), started)
    thread = threading.Thread(target=_run, args=arguments, daemon=True)
    thread.start()
    assert ready.wait(20)
    yield found[0][0]
    found[0][1]()
    thread.join(20)


@pytest.fixture
def cloud(running: Cloud) -> Cloud:
    running.tell_model()
    return running
