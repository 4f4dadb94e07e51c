"""From what was measured to the report: figures, prices, what ties to a cloud, advice."""

from __future__ import annotations

import dataclasses
import datetime
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from lab.advice.answers import Answers
from lab.advice.table import advise
from lab.comparison.collected import Collected
from lab.comparison.options import Options
from lab.cost.layers import Layer, together
from lab.cost.model import cost
from lab.cost.price_table import read_prices
from lab.cost.workload import Workload
from lab.latency import Latency, TargetState
from lab.lockin.findings import LockIn
from lab.matrix import read_matrix
from lab.report.model import Method, Report
from lab.statistics.differences import differences
from lab.statistics.summary import cells, knee


def assemble(
    options: Options,
    collected: Collected,
    *,
    started: datetime.datetime,
    seconds: float,
    partial: str | None,
    workload: Layer,
    answers: Answers,
    lockin: LockIn | None,
) -> Report:
    """The report; `partial` says why there is less than was asked for."""
    latency = _latency(options, collected)
    priced = _with_usage(workload, collected)
    prices, today = read_prices(options.prices), started.date()
    return Report(
        schema="parallax-report/1",
        title=options.title,
        partial=partial,
        method=_method(options, collected, started, seconds),
        latency=latency,
        cost=cost(priced, prices, today=today),
        lockin=lockin,
        matrix=read_matrix(),
        advice=advise(priced, prices, answers=answers, latency=latency, today=today),
    )


def _latency(options: Options, collected: Collected) -> Latency:
    found = cells(collected.rounds)
    unseen = options.targets[len(collected.states) :]
    states = [_judged(state, collected) for state in collected.states]
    states += [
        TargetState(
            name=target.name, url=target.url, origin=target.origin, state="down", cloud=None, region=None, version=None,
            problems=("it was not asked: the comparison was ended before",),
        )
        for target in unseen
    ]  # fmt: skip
    return Latency(
        targets=tuple(states),
        cells=found,
        differences=differences(collected.rounds),
        knees=tuple(knee(climb.steps, climb.ended, seconds=climb.step) for climb in collected.climbs if climb.steps),
        cold_starts=tuple(cold.result for cold in collected.cold),
    )


def _judged(state: TargetState, collected: Collected) -> TargetState:
    """A target that looked well at first and failed under load is failing."""
    samples = [sample for done in collected.rounds if done.target == state.name for sample in done.samples]
    failed = sum(1 for sample in samples if sample.error)
    if state.state != "ok" or not failed or failed < 0.01 * len(samples):
        return state
    problem = f"{failed:,} of {len(samples):,} requests under load failed"
    return dataclasses.replace(state, state="failing", problems=(*state.problems, problem))


def _with_usage(workload: Layer, collected: Collected) -> Workload:
    """With what the clouds say was used, for each platform of a target's name. What the user wrote down counts for
    more, what comes with the lab for less.
    """
    measured = Layer(origin="measured", by_platform={used.target: _rounded(used.figures) for used in collected.usage})
    return together([measured, workload] if workload.origin == "given" else [workload, measured])


def _rounded(figures: Mapping[str, float]) -> Mapping[str, float]:
    """To what can be told: a mean over some hundred requests has no more digits."""
    return {name: float(f"{value:.3g}") for name, value in figures.items()}


def _method(options: Options, collected: Collected, started: datetime.datetime, seconds: float) -> Method:
    return Method(
        command=options.command,
        lab=_version(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        machine=f"{platform.system()} {platform.machine()}, {os.cpu_count() or 1} processors",
        started=started,
        seconds=round(seconds, 1),
        seed=options.seed,
        requests=collected.requests,
        notes=(*collected.notes, *_used(collected)),
    )


def _used(collected: Collected) -> Sequence[str]:
    return [
        sentence
        for used in collected.usage
        for sentence in (
            f"What {used.target} itself saw used is the mean over {used.requests:,} requests, from {used.source}.",
            *used.notes,
        )
    ]


def _version() -> str:
    try:
        return version("parallax")
    except PackageNotFoundError:
        return "source"
