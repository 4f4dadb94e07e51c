import sys
from pathlib import Path

import psutil
import pytest

from localcloud import child as child_module
from localcloud.child import Child, Part, StartError
from localcloud.running import wait_until_ended

pytestmark = pytest.mark.anyio

READY = "print('ready {\"port\": 7}', flush=True); "
# Neither the end of its input nor SIGTERM moves it.
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "


def part(source: str) -> Part:
    return Part("aws", 0, (sys.executable, "-c", source))


async def test_output_after_the_first_line_goes_to_the_log(tmp_path: Path) -> None:
    source = "import sys; print('early'); " + READY + "print('late', flush=True); sys.stdin.read()"
    child = Child(part(source), tmp_path)
    await child.start()
    assert (child.state, child.port) == ("serving", 7)
    await child.stop()
    assert child.state == "stopped"
    assert (tmp_path / "aws.log").read_text().startswith("early\n")


async def test_a_long_log_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "LOG_BYTES", 10)
    (tmp_path / "aws.log").write_text("more than ten bytes")
    child = Child(part(READY + "import sys; sys.stdin.read()"), tmp_path)
    await child.start()
    await child.stop()
    assert (tmp_path / "aws.log").read_text() == ""
    assert (tmp_path / "aws.log.1").read_text() == "more than ten bytes"


async def test_not_ready_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "READY_WITHIN", 0.2)
    child = Child(part("import time; time.sleep(60)"), tmp_path)
    with pytest.raises(StartError) as failed:
        await child.start()
    assert failed.value.code == "NotReady"
    assert str(tmp_path / "aws.log") in failed.value.message
    assert child.pid is None


async def test_the_stubborn_and_what_they_started_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "STOPS_WITHIN", 0.2)
    inner = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN + 'time.sleep(60)'!r}]); "
    child = Child(part(STUBBORN + inner + READY + "time.sleep(60)"), tmp_path)
    await child.start()
    assert child.pid is not None
    top = psutil.Process(child.pid)
    family = [top, *top.children()]
    assert len(family) == 2
    await child.stop()
    assert wait_until_ended(family, 5) == []
