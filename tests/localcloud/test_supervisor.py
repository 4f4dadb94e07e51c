"""The words start, stop and status, and what becomes of processes that are killed."""

import contextlib
import json
import os
import socket
import stat
import subprocess
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import psutil

from localcloud.paths import Folders


def until(condition: Callable[[], object], within: float = 20.0) -> None:
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "the condition was not met in time"
        time.sleep(0.05)


def test_start_twice_and_stop(cloud: Any) -> None:
    first = cloud.start()
    assert first.returncode == 0, first.stderr
    assert "aws on http://127.0.0.1:" in first.stdout
    assert "(started in" in first.stdout
    pids = set(cloud.seen)
    assert len(pids) == 3

    again = cloud.start()
    assert (again.returncode, "already runs" in again.stdout) == (0, True)
    assert set(cloud.seen) == pids

    status = cloud.status()
    assert status["healthy"] is True
    assert [part["state"] for part in status["parts"]] == ["serving", "serving"]
    assert all(part["memory"] > 1_000_000 for part in status["parts"])

    port = cloud.part("aws")["port"]
    stopped = cloud("stop")
    assert (stopped.returncode, stopped.stdout) == (0, "The local cloud has stopped.\n")
    assert cloud.left() == []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
    assert cloud("stop").stdout == "The local cloud was not running.\n"
    assert not Folders(cloud.data).sockets.exists()


def test_three_starts_at_once(cloud: Any) -> None:
    command = [*cloud.program, "start", "--data", str(cloud.data), "--aws-port", "0", "--cloudflare-port", "0"]
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    outputs = [start.communicate(timeout=60)[0] for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0], outputs
    assert sum("already runs" in output for output in outputs) == 2
    cloud.remember()
    assert len(cloud.seen) == 3


def test_status_codes(cloud: Any) -> None:
    assert cloud("status").returncode == 3
    cloud.start()
    healthy = cloud("status")
    assert healthy.returncode == 0
    assert "greet" in healthy.stdout
    assert "python3.11" in healthy.stdout
    # A part that hangs is unwell, and the status says which.
    hanging = psutil.Process(cloud.part("aws")["pid"])
    hanging.suspend()
    try:
        unwell = cloud("status", "--json")
        table = cloud("status").stdout
    finally:
        hanging.resume()
    assert unwell.returncode == 1
    assert [line.split()[:2] for line in table.splitlines() if line.startswith("aws")] == [["aws", "unwell"]]
    [aws, cloudflare] = json.loads(unwell.stdout)["parts"]
    assert "does not answer" in aws["reason"]
    assert cloudflare["healthy"] is True


def test_private_files(cloud: Any) -> None:
    cloud.start()
    folders = Folders(cloud.data)
    for folder in (folders.data, folders.logs, folders.sockets):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (folders.run_file, folders.lock_file, folders.supervisor_socket, folders.logs / "aws.log"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_asked_from_a_shell_with_another_temporary_folder(cloud: Any, tmp_path: Any) -> None:
    cloud.start()
    elsewhere = {"TMPDIR": str(tmp_path)}
    assert cloud("status", **elsewhere).returncode == 0
    assert "already runs" in cloud("start", **elsewhere).stdout
    assert cloud("stop", **elsewhere).returncode == 0
    assert not Folders(cloud.data).sockets.exists()


def test_two_clouds_side_by_side(cloud: Any, tmp_path: Any) -> None:
    cloud.start()
    other = type(cloud)(tmp_path / "other", cloud.program)
    try:
        assert other.start().returncode == 0
        assert other.part("aws")["port"] != cloud.part("aws")["port"]
        other("stop")
        assert other.left() == []
        assert cloud.status()["healthy"] is True
    finally:
        other("stop")


def test_a_killed_supervisor_leaves_no_orphans(cloud: Any) -> None:
    cloud.start()
    cloud.supervisor().kill()
    assert cloud.left(within=5) == []
    # Its run file is there still, and deceives nobody.
    assert Folders(cloud.data).run_file.exists()
    assert cloud("status").returncode == 3
    assert cloud.start().returncode == 0
    assert cloud.status()["healthy"] is True


def test_start_at_once_after_a_kill_gets_the_same_ports(cloud: Any) -> None:
    cloud.start()
    ports = [str(cloud.part(name)["port"]) for name in ("aws", "cloudflare")]
    cloud.supervisor().kill()
    started = cloud.start("--aws-port", ports[0], "--cloudflare-port", ports[1])
    assert started.returncode == 0, started.stderr


def test_a_run_file_with_a_number_that_another_process_has_now(cloud: Any) -> None:
    cloud.start()
    written = Folders(cloud.data).run_file.read_text()
    cloud("stop")
    run = json.loads(written)
    run["supervisor"] = {"pid": os.getpid(), "started": run["supervisor"]["started"] - 1000}
    run["parts"][0]["process"] = {"pid": os.getppid(), "started": 1.0}
    Folders(cloud.data).run_file.write_text(json.dumps(run))
    assert cloud("status").returncode == 3
    assert cloud("stop").stdout == "The local cloud was not running.\n"
    assert psutil.pid_exists(os.getppid())
    Folders(cloud.data).run_file.write_text("{")
    assert cloud("status").returncode == 3


def test_a_killed_child_comes_back_on_its_port(cloud: Any) -> None:
    cloud.start()
    before = cloud.part("aws")
    psutil.Process(before["pid"]).kill()
    until(lambda: cloud.part("aws")["healthy"])
    after = cloud.part("aws")
    assert after["pid"] != before["pid"]
    assert (after["port"], after["restarts"]) == (before["port"], 1)


def test_a_child_that_keeps_dying_is_failing(cloud: Any) -> None:
    cloud.start()

    seen: list[tuple[str, int]] = []

    def die() -> bool:
        part = cloud.part("aws")
        if part["state"] == "serving":
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{part['port']}/die", timeout=5)
        elif part["state"] == "failing":
            code = cloud("status").returncode
            # It is tried again after a while, and may have been by the time that the status was read.
            if cloud.part("aws")["restarts"] == part["restarts"]:
                seen.append((part["reason"], code))
        return bool(seen)

    until(die)
    assert seen == [("ended with exit code 7", 1)]
    assert cloud.part("cloudflare")["healthy"] is True


def test_port_in_use_names_the_port_and_who_has_it(cloud: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = cloud.start("--aws-port", "0", "--cloudflare-port", str(port))
    assert refused.returncode == 1
    assert "(PortInUse)" in refused.stderr
    assert f"port {port} is in use by" in refused.stderr
    assert f"(pid {os.getpid()})" in refused.stderr
    assert "--cloudflare-port" in refused.stderr
    assert cloud("status").returncode == 3
    assert cloud.left() == []


def test_a_part_that_fails_stops_the_start(cloud: Any) -> None:
    failed = cloud.start(PARALLAX_TEST_MISBEHAVE="aws:failed")
    assert failed.returncode == 1
    assert "aws did not start (DataDamaged): the data are damaged" in failed.stderr
    ended = cloud.start(PARALLAX_TEST_MISBEHAVE="cloudflare:exit")
    assert ended.returncode == 1
    assert "exit code 3" in ended.stderr
    assert "hello from a part" in ended.stderr
    assert cloud("status").returncode == 3


def test_children_have_no_credentials(cloud: Any) -> None:
    cloud.start(AWS_SECRET_ACCESS_KEY="real", CLOUDFLARE_API_TOKEN="real", PULUMI_ACCESS_TOKEN="real")
    environment = psutil.Process(cloud.part("aws")["pid"]).environ()
    assert "real" not in environment.values()
    assert "PATH" in environment


def test_foreground_stops_with_the_terminal(cloud: Any) -> None:
    command = [*cloud.program, "start", "--foreground", "--data", str(cloud.data), "--aws-port", "0"]
    with subprocess.Popen([*command, "--cloudflare-port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("The local cloud runs: ")
        cloud.remember()
        process.send_signal(2)
        assert process.wait(10) == 0
    assert cloud.left(within=1) == []
