"""Which of its parts makes a bill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lab.cost.bill import Bill, Line

NAMED: Final = 3


def largest(bill: Bill, count: int = NAMED) -> tuple[tuple[Line, float], ...]:
    """The largest lines, each with its share of the bill, 0 to 1."""
    if not bill.total:
        return ()
    lines = sorted(bill.lines, key=lambda line: -line.amount)[:count]
    return tuple((line, line.amount / bill.total) for line in lines if line.amount)


def notes(bills: Sequence[Bill]) -> tuple[str, ...]:
    """A sentence a bill that names its largest parts, and one for what the bills rest on that is in doubt."""
    sentences = []
    for bill in bills:
        parts = ", ".join(f"{line.dimension} {share:.0%}" for line, share in largest(bill))
        sentences.append(f"{bill.title}: {parts}." if parts else f"{bill.title}: nothing to pay.")
        if doubtful := sum(line.amount for line in bill.lines if line.doubt):
            sentences.append(f"{bill.title}: {doubtful / bill.total:.0%} of it rests on prices that are in doubt.")
    return tuple(sentences)
