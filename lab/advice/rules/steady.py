"""A rate at which machines that run all the time are cheaper, sized for the busiest minute."""

from __future__ import annotations

from lab.advice import priced
from lab.advice.case import Case
from lab.advice.rule import Finding, Rule


def _judge(case: Case) -> Finding:
    found = case.comparison
    if found is None:
        return Finding(
            applies=False,
            choose="always-on",
            because=("The price table holds nothing of one kind that takes this workload: nothing to compare.",),
            changes="A price table (--prices) with both kinds.",
            sources=tuple(trait.source for trait in case.facts.traits.values()),
        )
    return Finding(
        applies=found.always_on_is_cheaper,
        choose=f"always-on: {case.name(found.always_on)}",
        because=priced.sentences(case, found),
        changes=priced.changes(case),
        sources=priced.sources(case, found),
    )


RULE = Rule(
    id="steady",
    when="Steady high rate: always-on is cheaper, though sized for the busiest minute",
    rank="a peak that is known is in the price already",
    judge=_judge,
)
