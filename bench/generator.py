"""The lab's load generator beside those of the field: vegeta, which is open-loop too, and wrk, which is not.

All send the same request to the same server at the same rate, in turn, in one run.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.load import Prepared, load
from bench.table import Row
from lab.load.open_loop import Slot, open_loop
from lab.load.precise_loop import run
from lab.scenario import Endpoint, Level
from lab.targets import Target
from tools.places import TOOLS

RATE, CONNECTIONS = 1000, 16
LATE_MS = 1.0
_BODY = '{"hello": "parallax"}'
_JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds; `late` is how far behind its schedule the generator itself was at p99, where it says so."""

    p50: float
    p99: float
    late: float | None
    requests: int
    failures: int


def measure(url: str, rounds: int, seconds: int) -> Iterator[Row]:
    """Rows for a server that takes `RATE` requests a second with ease."""
    vegeta = _vegeta()
    ours: list[Seen] = []
    theirs: list[Seen] = []
    closed: list[Seen] = []
    for number in range(rounds):
        ours.append(_lab(url, number, seconds))
        if vegeta is not None:
            theirs.append(_attack(vegeta, url, seconds))
        found = load(url, [Prepared("POST", "/echo", _BODY, _JSON)], connections=1, seconds=seconds)
        closed.append(Seen(found.p50, found.p99, None, round(found.requests_per_second * seconds), found.failures))
    late = statistics.median(one.late or 0.0 for one in ours)
    yield Row(
        f"lab's generator at {RATE:,}/s: late at p99", late, "ms", LATE_MS, "lower",
        f"{sum(one.requests for one in ours):,} requests, {sum(one.failures for one in ours)} failed",
    )  # fmt: skip
    yield _row("  latency it sees, open loop", ours)
    if theirs:
        yield _row(f"  vegeta at {RATE:,}/s, open loop", theirs)
    else:
        yield Row("  vegeta: not on PATH, go install github.com/tsenart/vegeta/v12", 0, "ms", None, "lower", "")
    yield _row("  wrk, closed loop, 1 connection", closed)


def _row(what: str, found: list[Seen]) -> Row:
    p50, p99 = (statistics.median(getattr(one, name) for one in found) for name in ("p50", "p99"))
    note = f"p99 {p99:.2f} ms, {sum(one.requests for one in found):,} requests"
    return Row(f"{what}: p50", p50, "ms", None, "lower", note)


def _lab(url: str, number: int, seconds: int) -> Seen:
    slot = Slot(
        target=Target(name="server", url=url, origin="emulator"),
        endpoint=Endpoint(name="POST /echo", method="POST", path="/echo", body=_BODY, headers=_JSON),
        level=Level(rate=RATE, connections=CONNECTIONS),
        number=number,
        seconds=seconds,
        phase=0.5,
    )
    samples = run(open_loop(slot, run="bench", origin=perf_counter(), patience=10)).samples
    p50, p99 = np.quantile([one.latency for one in samples], (0.5, 0.99)) / 1000
    late = float(np.quantile([one.late for one in samples], 0.99)) / 1000
    return Seen(float(p50), float(p99), late, len(samples), sum(1 for one in samples if one.error))


def _attack(vegeta: str, url: str, seconds: int) -> Seen:
    with tempfile.TemporaryDirectory(prefix="parallax-vegeta-") as folder:
        body = Path(folder) / "body.json"
        body.write_text(_BODY)
        targets = Path(folder) / "targets"
        targets.write_text(f"POST {url}/echo\ncontent-type: application/json\n@{body}\n")
        options = [f"-rate={RATE}", f"-duration={seconds}s", f"-connections={CONNECTIONS}", f"-targets={targets}"]
        attack = [vegeta, "attack", "-workers=16", "-max-workers=64", *options]
        shot = subprocess.run(attack, capture_output=True, check=True, timeout=seconds + 60)
        report = [vegeta, "report", "-type=json"]
        told = subprocess.run(report, input=shot.stdout, capture_output=True, check=True, timeout=60)
    found = json.loads(told.stdout)
    latencies = found["latencies"]
    answered = found["status_codes"].get("200", 0)
    return Seen(latencies["50th"] / 1e6, latencies["99th"] / 1e6, None, found["requests"], found["requests"] - answered)


def _vegeta() -> str | None:
    return shutil.which("vegeta") or shutil.which("vegeta", path=str(TOOLS))
