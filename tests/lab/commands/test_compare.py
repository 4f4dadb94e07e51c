"""`python -m lab compare` as its users meet it: two servers, one of them broken, an end half-way, a third cloud."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab.__main__ import main
from lab.kept import samples
from lab.report.model import Report
from lab.report.read import read
from lab.statistics.summary import cells
from tests.lab.known_server import KnownServer, known_server

_QUICK = ("--seconds", "5", "--rounds", "1", "--path", "/")


def _compared(folder: Path, *words: str) -> tuple[int, Report]:
    code = main(["compare", *_QUICK, "--reports", str(folder), *words])
    (found,) = folder.iterdir()
    return code, read(found)


def test_two_deployments_beside_one_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with known_server(KnownServer(latency=lambda: 0.03)) as slow, known_server() as quick:
        code, report = _compared(
            tmp_path, "--url", f"slow={slow.url}", "--url", f"quick={quick.url}", "--seconds", "14", "--rounds", "2"
        )
    assert code == 0
    assert report.partial is None
    assert report.latency is not None
    assert [target.state for target in report.latency.targets] == ["ok", "ok"]
    shown = [found for found in report.latency.differences if found.q == 0.5 and found.shown]
    assert shown, "30 ms are a difference"
    assert {knee.target for knee in report.latency.knees} == {"slow", "quick"}
    assert report.cost is not None
    assert report.advice
    page = Path(capsys.readouterr().out.strip().splitlines()[-1])
    assert page.name == "report.html"
    assert cells(samples.read(page.parent)) == report.latency.cells


def test_broken_targets_are_reported_as_what_they_are_and_the_others_figures_stand(tmp_path: Path) -> None:
    kinds = {
        "garbage": "garbage", "redirect": "redirected", "truncated": "truncated", "missing": "status-404",
        "reset": "reset", "silent": "timeout",
    }  # fmt: skip
    scenario = tmp_path / "one.toml"
    scenario.write_text(
        "patience = 1.0\n[[level]]\nrate = 20\nconnections = 4\n[[endpoint]]\nmethod = 'GET'\npath = '/'\n"
    )
    with known_server() as broken, known_server() as well:
        urls = [f"--url={name}={broken.url}/{name}/.." for name in kinds]
        words = ["--scenario", str(scenario), "--url", f"well={well.url}", *urls, "--seconds", "7", "--rounds", "1"]
        code = main(["compare", "--reports", str(tmp_path / "reports"), *words])
    (folder,) = (tmp_path / "reports").iterdir()
    report = read(folder)
    assert code == 0
    assert report.latency is not None
    states = {target.name: target for target in report.latency.targets}
    found = {cell.target: cell for cell in report.latency.cells}
    assert (states["well"].state, found["well"].errors) == ("ok", {})
    for name, kind in kinds.items():
        assert states[name].state == "failing", name
        assert states[name].problems, name
        assert set(found[name].errors) == {kind}
        assert found[name].quantiles[0].estimate is None


def test_a_target_that_is_not_there_is_down(tmp_path: Path) -> None:
    with known_server() as gone:
        port = gone.port
    with known_server() as well:
        code, report = _compared(tmp_path, "--url", f"gone=http://127.0.0.1:{port}", "--url", f"well={well.url}")
    assert code == 0
    assert report.latency is not None
    states = {target.name: target for target in report.latency.targets}
    assert states["gone"].state == "down"
    assert "refused" in states["gone"].problems[0]
    assert {cell.target for cell in report.latency.cells} == {"well"}


def test_the_latest_report_is_the_newest_that_can_be_read(tmp_path: Path) -> None:
    words = [
        "compare",
        "--url",
        "a=http://127.0.0.1:1",
        "--path",
        "/",
        "--reports",
        str(tmp_path),
        "--against",
        "latest",
    ]
    damaged = tmp_path / "2099-01-01T00-00-00Z"
    damaged.mkdir()
    (damaged / "report.json").write_text("{")
    assert main(words) == 1
    (first,) = [folder for folder in tmp_path.iterdir() if folder != damaged]
    older = first.rename(tmp_path / "2000-01-01T00-00-00Z")
    assert main(words) == 1
    (second,) = [folder for folder in tmp_path.iterdir() if folder not in (damaged, older)]
    assert "since" in (second / "report.html").read_text().lower()


def test_nothing_but_targets_that_are_down_is_a_failure(tmp_path: Path) -> None:
    with known_server() as gone:
        port = gone.port
    code, report = _compared(tmp_path, "--url", f"gone=http://127.0.0.1:{port}")
    assert code == 1
    assert report.latency is not None
    assert report.latency.cells == ()


def test_a_third_cloud_takes_a_url_and_a_price_table(tmp_path: Path) -> None:
    table = Path(__file__).parent.parent / "cost" / "third_cloud.toml"
    with known_server() as one, known_server() as two, known_server() as three:
        urls = [f"--url={name}={server.url}" for name, server in (("aws", one), ("cloudflare", two), ("nimbus", three))]
        code, report = _compared(tmp_path, *urls, "--prices", str(table))
    assert code == 0
    assert report.latency is not None
    assert {(found.first, found.second) for found in report.latency.differences} == {
        ("aws", "cloudflare"), ("aws", "nimbus"), ("cloudflare", "nimbus"),
    }  # fmt: skip
    assert report.cost is not None
    (bill,) = [bill for bill in report.cost.bills if bill.platform == "nimbus"]
    assert bill.total > 0
    assert any("nimbus" in (found.below, found.above) for found in report.cost.break_even)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_an_end_half_way_still_writes_a_report_that_says_so(tmp_path: Path, end: signal.Signals) -> None:
    with known_server() as server:
        words = [sys.executable, "-m", "lab", "compare", "--url", f"a={server.url}", "--path", "/", "--seconds", "60"]
        process = subprocess.Popen([*words, "--reports", str(tmp_path)], env={**os.environ, "NO_COLOR": "1"})
        waited = time.monotonic()
        while server.requests < 30 and time.monotonic() - waited < 60:
            time.sleep(0.1)
        process.send_signal(end)
        assert process.wait(60) == 0
    (folder,) = tmp_path.iterdir()
    report = read(folder)
    assert "interrupted" in str(report.partial)
    assert report.latency is not None
    assert "partial" in (folder / "report.html").read_text().lower()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--path", "/"], "InvalidTarget"),
        (["--url", "a=http://127.0.0.1:1"], "InvalidScenario"),
        (["--url", "a=ftp://x", "--path", "/"], "InvalidTarget"),
        (["--url", "a=http://x", "--url", "a=http://y", "--path", "/"], "InvalidTarget"),
        (["--url", "a=http://x", "--path", "/", "--cold", "b=idle:1"], "they are a"),
        (["--url", "a=http://x", "--path", "/", "--cold", "a=magic"], "burst:N"),
        (["--url", "a=http://x", "--scenario", "nowhere"], "parallax"),
        (["--url", "a=http://x", "--path", "/", "--seconds", "0.1"], "--seconds"),
        (["--url", "a=http://x", "--path", "/", "--max-rate", "5"], "--max-rate"),
        (["--url", "a=http://x", "--path", "/", "--fail-on", "luck > 3"], "p99"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_sent(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "--reports", str(tmp_path), *words]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
