"""An API, webhooks: what is right where nothing speaks against it."""

from __future__ import annotations

from lab.advice.case import Case
from lab.advice.choosing import chosen, chosen_because, chosen_sources
from lab.advice.comparison import preferred
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed


def _judge(case: Case) -> Finding:
    names = listed(case.name(name) for name in preferred(case)) if case.able else "a serverless platform"
    return Finding(
        applies=bool(case.able),
        choose=f"serverless: {chosen(case)}" if case.able else names,
        because=chosen_because(case),
        changes=_changes(case),
        sources=chosen_sources(case),
    )


def _changes(case: Case) -> str:
    near = [case.name(name) for name in case.able if case.reaches_edge(name)]
    if not case.able:
        return "Requests within the limits of one of them."
    if case.latency_matters:
        return "Users in one region and no target for a typical answer: then the cheapest is taken."
    if not near:
        return "A platform that answers near its users, and users in more than one region."
    return f"Users in more than one region, or a target for a typical answer: then {listed(near)} whatever the price."


RULE = Rule(
    id="default",
    when="An API or webhooks, and nothing above",
    rank="what is left",
    judge=_judge,
)
