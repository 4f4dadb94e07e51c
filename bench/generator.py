"""The lab's load generator beside those of the field: vegeta, which is open-loop too, and wrk, which is not.

All send the same request to the same server at the same rate, in turn, in one run.
"""

from __future__ import annotations

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
# Columns of vegeta's CSV: times in nanoseconds, the place of a hit in its schedule.
_SENT, _CODE, _LATENCY, _PLACE = 0, 1, 2, 8
_BODY = '{"hello": "parallax"}'
_JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds, from when requests were due where there is a schedule; `late` is how far behind it the generator
    itself was at p99.
    """

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
    yield _late(f"lab's generator at {RATE:,}/s", ours, LATE_MS)
    if theirs:
        yield _late(f"  vegeta at {RATE:,}/s", theirs, None)
    yield _row("  latency that the lab sees, open loop", ours)
    if theirs:
        yield _row("  latency that vegeta sees, open loop", theirs)
    else:
        yield Row("  vegeta: not on PATH, go install github.com/tsenart/vegeta/v12", 0, "ms", None, "lower", "")
    yield _row("  wrk, closed loop, 1 connection", closed)


def _late(what: str, found: list[Seen], bar: float | None) -> Row:
    late = [one.late for one in found if one.late is not None]
    note = f"{sum(one.requests for one in found):,} requests, {sum(one.failures for one in found)} failed; rounds: "
    note += ", ".join(f"{one:.2f}" for one in late)
    return Row(f"{what}: late at p99", statistics.median(late), "ms", bar, "lower", note)


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
        # -connections are those that may be idle; without the other it would open more than ours may.
        same = [f"-connections={CONNECTIONS}", f"-max-connections={CONNECTIONS}"]
        options = [f"-rate={RATE}", f"-duration={seconds}s", *same, f"-targets={targets}"]
        attack = [vegeta, "attack", "-workers=16", "-max-workers=64", *options]
        shot = subprocess.run(attack, capture_output=True, check=True, timeout=seconds + 60)
        encode = [vegeta, "encode", "-to=csv"]
        told = subprocess.run(encode, input=shot.stdout, capture_output=True, check=True, timeout=60)
    return _of_vegeta(told.stdout.decode())


def _of_vegeta(text: str) -> Seen:
    """Vegeta counts latency from when it sent, and does not say how late that was; but it says when, and which of its
    evenly spaced hits it was. Late is counted from the one that was the most in time, and belongs to the latency.
    """
    rows = [line.split(",") for line in text.splitlines()]
    sent = np.array([int(row[_SENT]) for row in rows], dtype=np.int64)
    ahead = sent - np.array([int(row[_PLACE]) for row in rows], dtype=np.int64) * round(1e9 / RATE)
    late = (ahead - ahead.min()) / 1e6
    latency = np.array([int(row[_LATENCY]) for row in rows]) / 1e6 + late
    p50, p99 = np.quantile(latency, (0.5, 0.99))
    failed = sum(row[_CODE] != "200" for row in rows)
    return Seen(float(p50), float(p99), float(np.quantile(late, 0.99)), len(rows), failed)


def _vegeta() -> str | None:
    return shutil.which("vegeta") or shutil.which("vegeta", path=str(TOOLS))
