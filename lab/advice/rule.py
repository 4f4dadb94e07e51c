"""What a rule of the decision table is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab.advice.case import Case
from lab.advice.finding import Advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule says of one case. `because` begins with the sentence that sums it up; `decides`: its choice is where
    the application runs, not something beside it.
    """

    applies: bool
    choose: str
    because: tuple[str, ...]
    changes: str
    sources: tuple[str, ...]
    decides: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row. `rank` says why it stands where it stands among the others; empty for what only adds to a choice."""

    id: str
    when: str
    rank: str
    judge: Callable[[Case], Finding]


def advice(rule: Rule, finding: Finding) -> Advice:
    """As reports show it."""
    return Advice(
        rule=rule.id,
        when=rule.when,
        applies=finding.applies,
        choose=finding.choose,
        because=finding.because,
        changes=finding.changes,
        sources=tuple(dict.fromkeys(finding.sources)),
    )
