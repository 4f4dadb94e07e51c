"""`make bench`: Parallax on the local cloud against its bars, as ratios to a baseline of the same run.

    python -m bench [--rounds 3] [--seconds 4]

It makes a local cloud of its own on free ports, with two environments and two isolates at most, and ends it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from bench import baseline, ceiling, cold_starts, engine, footprint, generator, operations
from bench.comparison import BASELINE, Comparison, compare
from bench.load import LoadToolMissingError, load, require_wrk
from bench.table import Row, show
from tools.places import LAMBDA_RUNTIMES
from tools.sandbox import Sandbox, outputs

RUNTIME = "python3.13"
ENVIRONMENTS = 2
_VARIABLES = {"PARALLAX_APPLICATION": "app.api:app"}
_CALLS = 8000
_MODEL_MS = 50
_CLOUDS = ("aws", "cloudflare")


def main() -> int:
    """Prints the table; exit code 1 where a tool is missing. A missed bar is shown, and is no error."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="rounds at each number of connections (default 3)")
    parser.add_argument("--seconds", type=int, default=4, help="of load, on each thing in each round (default 4)")
    options = parser.parse_args()
    try:
        require_wrk()
    except LoadToolMissingError as error:
        print(f"parallax: {error}", file=sys.stderr)
        return 1
    console = Console() if sys.stdout.isatty() else Console(width=120)
    with tempfile.TemporaryDirectory(prefix="parallax-bench-") as folder:
        sandbox = Sandbox(Path(folder))
        with console.status("starting a local cloud …"):
            sandbox.open("--max-environments", str(ENVIRONMENTS))
        try:
            rows = list(measure(sandbox, options.rounds, options.seconds, console))
        finally:
            sandbox.close()
    show(rows, console)
    return 0


def measure(sandbox: Sandbox, rounds: int, seconds: int, console: Console) -> Iterator[Row]:
    """All rows, each as soon as it is known."""
    project = sandbox.project()
    stack = sandbox.stack(project)
    console.print("engine: pulumi up from nothing, pulumi preview …")
    yield from _engine(engine.measure(sandbox, project))
    urls = {name: outputs(stack)[f"{name}_url"] for name in _CLOUDS}
    yield _idle(sandbox)
    build = project / ".parallax" / "build" / "dev"
    package = footprint.unpack(build / "api-aws.zip", sandbox.folder / "unpacked")
    console.print("packages and cold starts …")
    yield from _packages(build, package)
    rate, firsts = ceiling.isolate(build / "api-cloudflare", _CALLS, sandbox.folder)
    yield from _cold_starts(sandbox, build / "api-aws.zip", firsts)
    key = sandbox.secrets["webhookKeys"]
    with baseline.uvicorn(key) as base:
        console.print(f"the lab's generator, {rounds} rounds …")
        yield from generator.measure(base, rounds, seconds)
        places = {BASELINE: base, **urls}
        for connections in (1, 16):
            console.print(f"load on {connections} connection{'s'[: connections - 1]}, {rounds} rounds …")
            echoes = operations.echo(key)
            found = compare(places, echoes, connections=connections, rounds=rounds, seconds=seconds)
            yield Row(f"N={connections}: baseline, uvicorn", found.rate(BASELINE), "/s", None, "higher", "")
            alone = ceiling.awslambdaric(package, RUNTIME, seconds, min(connections, ENVIRONMENTS))
            if connections == 1:
                again, _ = ceiling.isolate(build / "api-cloudflare", _CALLS, sandbox.folder)
                yield from _single(found, alone, statistics.mean((rate, again)))
            else:
                yield from _concurrent(found, alone)
        for name, make in operations.CAPABILITIES.items():
            console.print(f"{name}, {rounds} rounds …")
            found = compare(places, make(key), connections=1, rounds=rounds, seconds=seconds)
            yield from _capability(name, found)
        yield from _model_overhead(sandbox, urls, seconds)


def _engine(times: engine.EngineTimes) -> Iterator[Row]:
    yield Row("pulumi up from nothing to both URLs", times.up, "s", 25, "lower", "37 resources")
    yield Row("pulumi preview with no change", times.preview, "s", 4, "lower", "median of 3")
    for name, taken in times.parts.items():
        yield Row(f"  of it: {name}", taken, "s", None, "lower", "")


def _idle(sandbox: Sandbox) -> Row:
    pid = json.loads((sandbox.folder / "localcloud" / "run.json").read_text())["supervisor"]["pid"]
    used = footprint.resident_megabytes(pid)
    return Row("idle memory, both deployed", used, "MB", 500, "lower", "proportional set size of all processes")


def _packages(build: Path, package: Path) -> Iterator[Row]:
    interpreter = (LAMBDA_RUNTIMES / RUNTIME / "interpreter").read_text().strip()
    taken = footprint.import_milliseconds(package, "functions.http", interpreter, _VARIABLES)
    yield Row("Lambda handler's import", taken, "ms", 150, "lower", f"{RUNTIME}, no bytecode")
    yield Row("Lambda package", footprint.megabytes(build / "api-aws.zip"), "MB", 3, "lower", "zipped")
    yield Row("Worker package", footprint.megabytes(build / "api-cloudflare"), "MB", 3, "lower", "all modules")


def _cold_starts(sandbox: Sandbox, archive: Path, isolates: list[int]) -> Iterator[Row]:
    plain, restored = cold_starts.lambda_milliseconds(sandbox, archive, RUNTIME)
    for what, taken, bar in (
        ("new Lambda environment", plain, 250),
        ("the same with SnapStart", restored, 30),
        ("new Worker isolate", isolates, 400),
    ):
        note = "median of " + ", ".join(f"{one:.0f}" for one in taken)
        yield Row(f"{what} to first answer", statistics.median(taken), "ms", bar, "lower", note)


def _single(found: Comparison, alone: float, isolate: float) -> Iterator[Row]:
    base = found.rate(BASELINE)
    yield Row("N=1: HTTP API and Lambda", found.percent("aws"), "%", 30, "higher", found.describe("aws"))
    yield Row("  one awslambdaric by itself", 100 * alone / base, "%", None, "higher", f"{alone:,.0f} events/s")
    share = 100 * found.rate("aws") / alone
    yield Row("  share of it that HTTP API and Lambda reach", share, "%", None, "higher", "")
    yield Row("N=1: Worker", found.percent("cloudflare"), "%", None, "higher", found.describe("cloudflare"))
    yield Row("  one isolate by itself", 100 * isolate / base, "%", None, "higher", f"{isolate:,.0f} calls/s")
    yield Row("  share of it that the Worker reaches", 100 * found.rate("cloudflare") / isolate, "%", 70, "higher", "")
    yield Row("  Worker's p99 over p50", found.tail("cloudflare"), "x", 10, "lower", "")


def _concurrent(found: Comparison, alone: float) -> Iterator[Row]:
    yield Row("N=16: HTTP API and Lambda", found.percent("aws"), "%", 24, "higher", found.describe("aws"))
    share = 100 * alone / found.rate(BASELINE)
    yield Row("  two awslambdaric by themselves", share, "%", None, "higher", f"{alone:,.0f} events/s")
    yield Row("N=16: Worker", found.percent("cloudflare"), "%", 10, "higher", found.describe("cloudflare"))
    yield Row("  Worker's p99 over p50", found.tail("cloudflare"), "x", 10, "lower", "")


def _capability(name: str, found: Comparison) -> Iterator[Row]:
    yield Row(f"{name}: in memory under uvicorn", found.rate(BASELINE), "/s", None, "higher", found.describe(BASELINE))
    for cloud in _CLOUDS:
        yield Row(f"{name}: {cloud}", found.percent(cloud), "%", None, "higher", found.describe(cloud))


def _model_overhead(sandbox: Sandbox, urls: Mapping[str, str], seconds: int) -> Iterator[Row]:
    """What a call of a model takes beyond the model's own time, which is set here."""
    sandbox.localcloud("model", "--latency", str(_MODEL_MS))
    try:
        for cloud, url in urls.items():
            result = load(url, operations.prompts(""), connections=1, seconds=seconds)
            what = f"AI over the model's own {_MODEL_MS} ms: {cloud}"
            yield Row(what, result.p50 - _MODEL_MS, "ms", None, "lower", f"p50 {result.p50:.1f} ms")
    finally:
        sandbox.localcloud("model", "--reset")


if __name__ == "__main__":
    sys.exit(main())
