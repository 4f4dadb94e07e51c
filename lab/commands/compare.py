"""`python -m lab compare`: measures deployments, prices and counts, and writes a report."""

from __future__ import annotations

import argparse
import asyncio
import datetime
import shlex
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from time import monotonic
from typing import Final, TypeVar

from rich.console import Console

from lab.advice.answers import answers
from lab.advice.answers_file import read_answers
from lab.cold_starts.words import METHODS
from lab.comparison.assemble import assemble
from lab.comparison.collected import Collected
from lab.comparison.measure import Measuring
from lab.comparison.options import Options
from lab.comparison.progress import Lines, Screen, Watcher
from lab.cost.workload_file import read_workload
from lab.errors import InvalidResultsError, InvalidScenarioError, InvalidTargetError
from lab.kept import histograms, samples
from lab.load.precise_loop import run as run_precisely
from lab.load.scenarios import of_path, read_scenario
from lab.lockin.analysis import analyse
from lab.report.changes import changes
from lab.report.model import Report
from lab.report.read import read
from lab.report.rules import judge, parse_rule
from lab.report.write import write
from lab.scenario import Caps, Scenario
from lab.targets import Target, parse_targets
from lab.usage.words import SOURCES

T = TypeVar("T")

SUMMARY = "measures deployments beside one another, and writes a report: a page, Markdown, JSON, the raw samples"
_SECONDS: Final = 150.0
_ROUNDS: Final = 5
_SEED: Final = 1
_COLD: Final = 10
_LATEST: Final = "latest"

_EXAMPLE = """examples:
  python -m lab compare --url aws=https://ID.execute-api.eu-central-1.amazonaws.com --url cloudflare=https://api.NAME.workers.dev
  python -m lab compare --url a=http://127.0.0.1:8001 --url b=http://127.0.0.1:8002 --path /echo --seconds 30
  pulumi stack export | python -m lab compare --url … --url … --state -

Load goes to these addresses only. Ctrl-C ends the measuring; what was measured by then is reported all the same.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Flags of `compare`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EXAMPLE
    add = parser.add_argument
    add("--url", action="append", default=[], metavar="NAME=URL", help="a target; one or more")
    add(
        "--origin",
        action="append",
        default=[],
        metavar="NAME=emulator|cloud",
        help="what a target's figures are worth; without it, what listens on this machine is an emulator",
    )
    add = parser.add_argument_group("load").add_argument
    add("--scenario", metavar="FILE", help="what is requested (TOML); 'parallax' is Parallax's own API")
    add("--path", help="instead of a scenario: GET this path of each target")
    add("--seconds", type=float, default=_SECONDS, help="of measuring in all (default %(default)g)")
    add("--rounds", type=int, default=_ROUNDS, help="of each load (default %(default)d)")
    add("--seed", type=int, default=_SEED, help="of the order of rounds and of arrivals")
    add("--max-rate", type=float, metavar="N", help="raises the cap of requests a second to one target")
    add("--max-requests", type=int, metavar="N", help="raises the cap of requests in all")
    add = parser.add_argument_group("cold starts").add_argument
    add("--cold", action="append", default=[], metavar="NAME=METHOD", help=f"how to force a target's: {METHODS.listed}")
    add("--cold-count", type=int, default=_COLD, metavar="N", help="of each (default %(default)d)")
    add = parser.add_argument_group("cost and lock-in").add_argument
    add(
        "--usage",
        action="append",
        default=[],
        metavar="NAME=SOURCE",
        help=f"what a cloud says was used: {SOURCES.listed}",
    )
    add("--workload", default="parallax", metavar="FILE", help="what is priced, see cost (default %(default)s)")
    add("--prices", type=Path, action="append", default=[], metavar="FILE", help="one more price table, see cost")
    add("--folder", type=Path, metavar="DIR", help="the repository that is looked through, see lockin")
    add("--state", type=Path, metavar="FILE", help="what `pulumi stack export` says of its stack")
    add = parser.add_argument_group("report").add_argument
    add("--reports", type=Path, default=Path("reports"), metavar="DIR", help="where folders of reports lie")
    add(
        "--against",
        type=Path,
        metavar="DIR",
        help=f"an earlier report: what has changed since is shown; '{_LATEST}' is the newest one in --reports, if any",
    )
    add(
        "--fail-on", action="append", default=[], metavar="RULE", help="exit with 1 where this is surely so, see report"
    )


def run(arguments: argparse.Namespace) -> int:
    """Checks everything, measures, writes. Ctrl-C ends the measuring and not the writing."""
    options = _options(arguments)
    workload, answered = read_workload(arguments.workload), answers(read_answers(arguments.workload))
    lockin = analyse(options.folder, options.state) if options.folder is not None else None
    rules = [parse_rule(text) for text in arguments.fail_on]
    before = _earlier(arguments.against, options.reports)
    cold = _by_target(arguments.cold, "--cold", options.targets, METHODS.chosen)
    usage = _by_target(arguments.usage, "--usage", options.targets, SOURCES.chosen)
    console = Console(stderr=True)
    watcher: Watcher = Screen(console, options.targets) if console.is_terminal else Lines(console)
    measuring = Measuring(options, cold, usage, watcher)
    started, began = datetime.datetime.now(datetime.UTC), monotonic()
    partial = _measured(measuring, watcher)
    seconds = monotonic() - began
    report = assemble(
        options,
        measuring.collected,
        started=started,
        seconds=seconds,
        partial=partial,
        workload=workload,
        answers=answered,
        lockin=lockin,
    )
    folder = options.reports / started.strftime("%Y-%m-%dT%H-%M-%SZ")
    page = _kept(folder, report, measuring.collected, before)
    judgements = [judgement for rule in rules for judgement in judge(rule, report, before)]
    for judgement in judgements:
        print(f"  {judgement.outcome}: {judgement.rule}: {judgement.text}")
    print(page)
    return int(any(judgement.fails for judgement in judgements) or _all_down(report))


def _measured(measuring: Measuring, watcher: Watcher) -> str | None:
    """Why it is partial, None where it is whole."""
    shown = watcher.shown() if isinstance(watcher, Screen) else nullcontext()
    # Whoever ends it otherwise gets the report as well, and what was forced for cold starts is put back.
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    began = monotonic()
    try:
        with shown:
            run_precisely(measuring.run())
    except (KeyboardInterrupt, asyncio.CancelledError):
        watcher.says("Interrupted: the report is written of what was measured so far.")
        return f"it was interrupted after {monotonic() - began:.0f} s; what was measured by then is here"
    finally:
        signal.signal(signal.SIGTERM, before)
    return None


def _earlier(against: Path | None, reports: Path) -> Report | None:
    """Raises InvalidResultsError for a folder that was named; of the newest one, those that cannot be read are none."""
    if against is None or str(against) != _LATEST:
        return read(against) if against else None
    for folder in sorted((found.parent for found in reports.glob("*/report.json")), reverse=True):
        with suppress(InvalidResultsError):
            return read(folder)
    return None


def _kept(folder: Path, report: Report, collected: Collected, before: Report | None) -> Path:
    samples.write(folder, collected.rounds)
    histograms.write(folder, collected.rounds)
    return write(report, folder, changes(before, report) if before is not None else None)


def _all_down(report: Report) -> bool:
    return report.latency is not None and all(target.state == "down" for target in report.latency.targets)


def _options(arguments: argparse.Namespace) -> Options:
    targets = parse_targets(arguments.url, arguments.origin)
    if not targets:
        raise InvalidTargetError("there is nothing to compare: give --url NAME=https://…, once for each deployment")
    scenario = _scenario(arguments)
    caps = Caps()
    return Options(
        title=f"{' and '.join(target.name for target in targets)}: {scenario.name}",
        command=shlex.join(["python", "-m", "lab", *sys.argv[1:]]),
        targets=targets,
        scenario=scenario,
        reports=arguments.reports,
        seconds=arguments.seconds,
        rounds=arguments.rounds,
        seed=arguments.seed,
        caps=Caps(rate=arguments.max_rate or caps.rate, requests=arguments.max_requests or caps.requests),
        cold_count=arguments.cold_count,
        prices=tuple(arguments.prices),
        folder=arguments.folder,
        state=arguments.state,
    )


def _scenario(arguments: argparse.Namespace) -> Scenario:
    if arguments.path and arguments.scenario:
        raise InvalidScenarioError("--path and --scenario say two things: give one of them")
    if arguments.path:
        return of_path(arguments.path)
    if arguments.scenario:
        return read_scenario(arguments.scenario)
    raise InvalidScenarioError("say what is to be requested: --path /healthz, or --scenario FILE")


def _by_target(words: Sequence[str], flag: str, targets: Sequence[Target], make: Callable[[str], T]) -> Mapping[str, T]:
    names = [target.name for target in targets]
    found: dict[str, T] = {}
    for word in words:
        name, _, said = word.partition("=")
        if name not in names:
            raise InvalidTargetError(f"{flag} {word!r}: no target is named {name!r}; they are {', '.join(names)}")
        found[name] = make(said)
    return found
