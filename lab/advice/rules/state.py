"""State between requests lives outside of the instances."""

from __future__ import annotations

import math

from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed, upper, usd

_CAPABILITY = "state"


def _judge(case: Case) -> Finding:
    services = case.facts.services_for("state")
    names = listed(service.name for service in services)
    where = case.state
    instances = max(1, math.ceil(case.peak_concurrency))
    first = {
        "none": "Nothing is remembered between requests.",
        "external": "State is kept outside of the instances already, as it must be.",
        "process": f"State is in the process: in the busiest minute up to {instances:,} instances each have their own,"
        " and each loses it when it ends.",
    }[where]
    bills = [f"{case.name(name)} {usd(amount)}" for name in case.able if (amount := _amount(case, name))]
    return Finding(
        applies=where != "none",
        choose=f"external state: {names}",
        because=(
            first,
            *((f"Of the bill, state is: {', '.join(bills)} a month.",) if bills and where != "none" else ()),
            *(upper(service.text) for service in services if where != "none"),
        ),
        changes=f"{'Anything' if where == 'none' else 'Nothing'} to remember between requests.",
        sources=tuple(service.source for service in services),
        decides=False,
    )


def _amount(case: Case, platform: str) -> float:
    charges = case.tariffs[platform].charges(case.workload)
    return float(sum(one.amount for one in charges if one.use.capability == _CAPABILITY))


RULE = Rule(id="state", when="Stateful", rank="", judge=_judge)
