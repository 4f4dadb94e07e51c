"""The same load on the baseline and on both clouds in turn, round by round, so that what else runs here hits all."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.load import LoadResult, Prepared, load

BASELINE = "baseline"
_WARM_UP_SECONDS = 5  # V8 and CPython optimise what is hot, and take some seconds to see it


@dataclass(frozen=True, slots=True)
class Comparison:
    """All runs at one number of connections, by what was measured."""

    connections: int
    runs: Mapping[str, Sequence[LoadResult]]

    def rate(self, name: str) -> float:
        """Median requests per second."""
        return statistics.median(run.requests_per_second for run in self.runs[name])

    def percent(self, name: str) -> float:
        """Median over the rounds of a run's rate over its round's baseline, in per cent."""
        pairs = zip(self.runs[name], self.runs[BASELINE], strict=True)
        return statistics.median(100 * run.requests_per_second / base.requests_per_second for run, base in pairs)

    def tail(self, name: str) -> float:
        """Median of p99 over p50."""
        return statistics.median(run.p99 / run.p50 for run in self.runs[name])

    def describe(self, name: str) -> str:
        """Rate and latencies in words."""
        p50 = statistics.median(run.p50 for run in self.runs[name])
        p99 = statistics.median(run.p99 for run in self.runs[name])
        failures = sum(run.failures for run in self.runs[name])
        text = f"{self.rate(name):,.0f} requests/s, p50 {p50:.2f} ms, p99 {p99:.2f} ms"
        return f"{text}, {failures} FAILED" if failures else text


def compare(
    urls: Mapping[str, str], requests: Sequence[Prepared], *, connections: int, rounds: int, seconds: int
) -> Comparison:
    """Loads each URL in each round; `urls` names one of them BASELINE."""
    for url in urls.values():
        load(url, requests, connections=connections, seconds=_WARM_UP_SECONDS)
    runs: dict[str, list[LoadResult]] = {name: [] for name in urls}
    for _ in range(rounds):
        for name, url in urls.items():
            runs[name].append(load(url, requests, connections=connections, seconds=seconds))
    return Comparison(connections, runs)
