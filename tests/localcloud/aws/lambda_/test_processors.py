"""An environment has as many processors as its memory buys on Lambda, and environments spread over the machine."""

import os
import subprocess
import sys

import pytest

from localcloud.aws.lambda_.processors import Processors

NOBODY = 2**22 + 1  # above the highest pid of Linux


@pytest.mark.parametrize(("memory", "count"), [(128, 1), (1769, 1), (1770, 2), (3538, 2), (3539, 3), (10240, 6)])
def test_memory_buys_processors(memory: int, count: int) -> None:
    assert len(Processors(frozenset(range(16))).assign(NOBODY, memory)) == count


def test_never_more_than_there_are() -> None:
    assert Processors(frozenset({3})).assign(NOBODY, 10240) == (3,)
    assert Processors(frozenset()).assign(NOBODY, 512) == ()


def test_environments_spread_and_make_room_again() -> None:
    processors = Processors(frozenset({0, 1}))
    assert [processors.assign(NOBODY + n, 512) for n in range(3)] == [(0,), (1,), (0,)]
    processors.release(NOBODY)
    processors.release(NOBODY + 2)
    assert [processors.assign(NOBODY + 3, 512), processors.assign(NOBODY + 4, 512)] == [(0,), (0,)]


@pytest.mark.skipif(sys.platform != "linux", reason="macOS binds no process to processors")
def test_the_process_and_its_threads_stay_there() -> None:
    source = (
        "import os, sys, threading\nsys.stdin.read()\n"
        "thread = threading.Thread(target=lambda: print(sorted(os.sched_getaffinity(0))))\nthread.start()"
    )
    with subprocess.Popen([sys.executable, "-c", source], stdin=-1, stdout=-1, text=True) as process:
        share = Processors(frozenset({min(os.sched_getaffinity(0))})).assign(process.pid, 512)
        assert process.communicate(timeout=30)[0].strip() == str(list(share))
