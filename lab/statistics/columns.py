"""Samples as columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from lab.samples import Round
from lab.statistics.intervals import BLOCKS, Blocks, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """All samples of some rounds, in order. Times in milliseconds but for `intended`, in seconds; `blocks` cuts the
    rounds' time as lab/statistics/intervals.py wants it.
    """

    intended: Floats
    latency: Floats
    late: Floats
    name: Floats
    connect: Floats
    tls: Floats
    first_byte: Floats
    body: Floats
    in_flight: Floats
    failed: npt.NDArray[np.bool_]
    cold: npt.NDArray[np.bool_]
    errors: tuple[str, ...]
    blocks: tuple[Blocks, ...]
    numbers: Blocks
    """Of the rounds."""

    @property
    def warm(self) -> npt.NDArray[np.bool_]:
        """Answered without error by an instance that had answered before, or that does not say."""
        return ~self.failed & ~self.cold

    def only_warm(self) -> Columns:
        """Without all others."""
        warm = self.warm
        arrays = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in ("errors", "blocks")}
        return Columns(
            errors=("",) * int(warm.sum()),
            blocks=tuple(cut[warm] for cut in self.blocks),
            **{name: values[warm] for name, values in arrays.items()},
        )


def columns(rounds: Sequence[Round]) -> Columns:
    """Of rounds that belong together."""
    samples = [sample for done in rounds for sample in done.samples]
    table = np.array(
        [
            (
                one.intended,
                one.latency,
                one.late,
                one.name,
                one.connect,
                one.tls,
                one.first_byte,
                one.body,
                one.in_flight,
            )
            for one in samples
        ],
        dtype=np.float64,
    ).reshape(-1, 9)
    milli = table / 1000
    return Columns(
        intended=table[:, 0] / 1_000_000,
        latency=milli[:, 1], late=milli[:, 2], name=milli[:, 3], connect=milli[:, 4], tls=milli[:, 5],
        first_byte=milli[:, 6], body=milli[:, 7], in_flight=table[:, 8],
        failed=np.array([bool(one.error) for one in samples], dtype=bool),
        cold=np.array([one.instance_requests == 1 for one in samples], dtype=bool),
        errors=tuple(one.error for one in samples),
        blocks=tuple(_blocks([len(done.samples) for done in rounds], many) for many in BLOCKS),
        numbers=np.repeat([done.number for done in rounds], [len(done.samples) for done in rounds]).astype(np.int64),
    )  # fmt: skip


def _blocks(sizes: Sequence[int], many: int) -> Blocks:
    """About `many` blocks, none of which reaches over the end of a round."""
    each = max(1, round(many / max(1, len(sizes))))
    found: list[Blocks] = []
    first = 0
    for size in sizes:
        parts = max(1, min(each, size))
        found.append(first + np.arange(size) * parts // max(1, size))
        first += parts
    return np.concatenate(found).astype(np.int64) if found else np.zeros(0, dtype=np.int64)
