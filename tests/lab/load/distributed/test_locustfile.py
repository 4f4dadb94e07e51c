"""Locust itself: a coordinator and two workers, each a process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lab.kept import histograms
from tests.lab.known_server import KnownServer, known_server
from tools.free_ports import free_port

_FILE = Path(__file__).parents[4] / "lab" / "load" / "distributed" / "locustfile.py"
_USERS, _RATE, _SECONDS = 4, 10, 4


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--headless", "--users", "51", "--run-time", "4s"], "LAB_MAX_RATE"),
        (["--headless", "--users", "50", "--run-time", "10m"], "LAB_MAX_REQUESTS"),
        (["--headless", "--users", "5"], "--run-time"),
    ],
)
def test_more_than_a_cap_is_refused_before_anything_is_sent(tmp_path: Path, flags: list[str], said: str) -> None:
    with known_server() as server:
        environment = {
            **os.environ, "LAB_URLS": f"a={server.url}", "LAB_PATH": "/", "LAB_RATE": "10",
            "PYTHONPATH": str(_FILE.parents[3]),
        }  # fmt: skip
        words = [sys.executable, "-m", "locust", "-f", str(_FILE), "--loglevel", "WARNING", *flags]
        done = subprocess.run(
            words, env=environment, cwd=tmp_path, check=False, timeout=60, capture_output=True, text=True
        )
    assert done.returncode != 0
    assert said in done.stderr
    assert "CapExceeded" in done.stderr
    assert server.requests == 0


def test_workers_histograms_add_up_to_what_the_servers_saw(tmp_path: Path) -> None:
    port = free_port()
    with known_server(KnownServer(latency=lambda: 0.03)) as slow, known_server() as quick:
        environment = {
            **os.environ,
            "LAB_URLS": f"slow={slow.url} quick={quick.url}",
            "LAB_PATH": "/",
            "LAB_RATE": str(_RATE),
            "LAB_OUTPUT": str(tmp_path),
            "PYTHONPATH": str(_FILE.parents[3]),
        }
        locust = [sys.executable, "-m", "locust", "-f", str(_FILE), "--loglevel", "WARNING"]
        ports = ["--master-port", str(port), "--master-host", "127.0.0.1"]
        workers = [subprocess.Popen([*locust, "--worker", *ports], env=environment, cwd=tmp_path) for _ in range(2)]
        run = [
            "--stop-timeout",
            "20",
            "--headless",
            "--users",
            str(_USERS),
            "--spawn-rate",
            "50",
            "--run-time",
            f"{_SECONDS}s",
        ]
        bind = ["--master", "--expect-workers", "2", "--master-bind-host", "127.0.0.1", "--master-bind-port", str(port)]
        try:
            subprocess.run([*locust, *bind, *run], env=environment, cwd=tmp_path, check=True, timeout=90)
            assert [worker.wait(20) for worker in workers] == [0, 0]
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
    seen = {name: histograms.read(tmp_path / "histograms" / f"{name}--get.hlog") for name in ("slow", "quick")}
    for name, server in (("slow", slow), ("quick", quick)):
        assert seen[name].get_total_count() == server.requests
    assert sum(made.get_total_count() for made in seen.values()) >= 0.5 * _USERS * _RATE * _SECONDS
    assert seen["slow"].get_value_at_percentile(50) >= 30_000
    unsent = (tmp_path / "failures.tsv").read_text().splitlines()[1:]
    assert all(line.endswith("\tunsent") for line in unsent)
    assert seen["quick"].get_value_at_percentile(50) < seen["slow"].get_value_at_percentile(50)
