"""The decision table: its rows in the order in which they decide, and their application to a workload."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Final

from lab.advice import priced
from lab.advice.answers import Answers
from lab.advice.case import build
from lab.advice.comparison import compare, turns
from lab.advice.facts import Facts, read_facts
from lab.advice.finding import Advice
from lab.advice.patterns import PATTERNS
from lab.advice.rule import Finding, Rule, advice
from lab.advice.rules import (
    batch,
    default,
    long_computing,
    neutrality,
    spiky,
    state,
    steady,
    strict_tail,
    unpredictable,
    worldwide,
)
from lab.cost.meter import Free
from lab.cost.prices import Prices
from lab.cost.workload import Workload
from lab.latency import Latency

RULES: Final[tuple[Rule, ...]] = (
    neutrality.RULE,
    long_computing.RULE,
    strict_tail.RULE,
    batch.RULE,
    worldwide.RULE,
    unpredictable.RULE,
    steady.RULE,
    spiky.RULE,
    default.RULE,
    state.RULE,
)
"""The first that applies and decides is the verdict; each one's `rank` says why it stands there."""

_BY_MONEY: Final = (spiky.RULE, default.RULE)
"""Decide only because always-on was not found cheaper."""

VERDICT: Final = "verdict"


def advise(
    workload: Workload,
    prices: Prices,
    *,
    answers: Answers | None = None,
    facts: Facts | None = None,
    latency: Latency | None = None,
    today: datetime.date | None = None,
    free: Free = "always",
    platforms: Sequence[str] = (),
) -> tuple[Advice, ...]:
    """The verdict, then every row, then the patterns that hurt. Answers that nobody gave are assumed; of `latency` only
    what a cloud answered counts; where `platforms` of the price table are named, only those are looked at. Raises
    InvalidWorkloadError and InvalidPricesError.
    """
    bare = build(
        workload,
        answers or Answers(),
        prices,
        facts or read_facts(),
        today=today or datetime.datetime.now(tz=datetime.UTC).date(),
        free=free,
        latency=latency,
        platforms=platforms,
    )
    case = dataclasses.replace(bare, comparison=compare(bare), turns=turns(bare))
    found = [(rule, rule.judge(case)) for rule in RULES]
    patterns = [(pattern, pattern.judge(case)) for pattern in PATTERNS]
    return (
        _verdict(found, priced.changes(case)),
        *(advice(rule, finding) for rule, finding in found),
        *(advice(pattern, finding) for pattern, finding in patterns),
    )


def _verdict(found: Sequence[tuple[Rule, Finding]], money: str) -> Advice:
    deciding = [(rule, finding) for rule, finding in found if finding.applies and finding.decides]
    rule, finding = deciding[0]
    beside = [each.choose for _, each in found if each.applies and not each.decides]
    besides = f" Beside it: {'; '.join(beside)}." if beside else ""
    return Advice(
        rule=VERDICT,
        when="All rules, the first that applies decides",
        applies=True,
        choose=f"{finding.choose[:1].upper()}{finding.choose[1:]}.{besides}",
        because=(
            f"Rule {rule.id}: {finding.because[0]}",
            *_others(rule, finding, [each for each in deciding[1:] if each[0] is not default.RULE]),
        ),
        changes=f"{finding.changes} {money}" if rule in _BY_MONEY else finding.changes,
        sources=tuple(dict.fromkeys(finding.sources)),
    )


def _others(rule: Rule, finding: Finding, later: Sequence[tuple[Rule, Finding]]) -> tuple[str, ...]:
    return tuple(
        f"Rule {other.id} applies as well and agrees."
        if said.choose == finding.choose
        else f"Rule {other.id} applies as well and says {said.choose}; {rule.id} is before it: {rule.rank}."
        for other, said in later
    )
