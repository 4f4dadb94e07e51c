"""Histograms of what Locust's users measure: kept by each worker, added up by the master, written at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hdrh.histogram import HdrHistogram

from lab.kept import histograms
from lab.kept.files import put, stems

KEY: Final = "lab"
"""Of what workers add to Locust's own reports."""
_PARTS: Final = "\t"


@dataclass(slots=True)
class Collector:
    """Latencies in microseconds, from when each request was due, by target and endpoint; failures by kind."""

    latencies: dict[tuple[str, str], HdrHistogram] = field(default_factory=dict)
    failures: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def answered(self, target: str, endpoint: str, microseconds: float) -> None:
        """An answer that was expected."""
        bounded = min(histograms.HIGHEST, max(histograms.LOWEST, round(microseconds)))
        self._of(target, endpoint).record_value(bounded)

    def failed(self, target: str, endpoint: str, kind: str) -> None:
        """Anything else."""
        key = (target, endpoint, kind)
        self.failures[key] = self.failures.get(key, 0) + 1

    def handed_over(self) -> dict[str, Any]:
        """All since the last time, as what a message can carry; it is then the receiver's."""
        told = {
            "latencies": {_PARTS.join(key): made.encode().decode() for key, made in self.latencies.items()},
            "failures": {_PARTS.join(key): count for key, count in self.failures.items()},
        }
        self.latencies.clear()
        self.failures.clear()
        return told

    def takes(self, told: Mapping[str, Any]) -> None:
        """Adds what another collector handed over."""
        for key, encoded in told["latencies"].items():
            target, endpoint = key.split(_PARTS)
            self._of(target, endpoint).add(HdrHistogram.decode(encoded))
        for key, count in told["failures"].items():
            target, endpoint, kind = key.split(_PARTS)
            self.failures[target, endpoint, kind] = self.failures.get((target, endpoint, kind), 0) + count

    def write(self, folder: Path, seconds: float) -> None:
        """A log for each target and endpoint, and the failures as text."""
        for (target, endpoint), stem in stems(self.latencies).items():
            made = self._of(target, endpoint)
            file = folder / histograms.FOLDER / f"{stem}.hlog"
            put(file, histograms.log(made, f"{target}, {endpoint}", 0.0, seconds))
        lines = [f"{count}\t{target}\t{endpoint}\t{kind}" for (target, endpoint, kind), count in self.failures.items()]
        put(folder / "failures.tsv", ("\n".join(("count\ttarget\tendpoint\tkind", *sorted(lines))) + "\n").encode())

    def _of(self, target: str, endpoint: str) -> HdrHistogram:
        return self.latencies.setdefault((target, endpoint), histograms.new())
