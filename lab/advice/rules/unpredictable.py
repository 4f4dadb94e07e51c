"""A load that nobody can tell in advance."""

from __future__ import annotations

from lab.advice import priced
from lab.advice.case import Case
from lab.advice.choosing import chosen, chosen_sources
from lab.advice.rule import Finding, Rule
from lab.advice.words import requests, usd


def _judge(case: Case) -> Finding:
    applies = not case.answers.predictable and bool(case.able)
    found = case.comparison
    money = []
    if found is not None and applies:
        more = found.saves
        money = [
            f"If {requests(case.workload.requests)} come as planned, {case.name(found.always_on)} would save"
            f" {usd(more)} a month; if they do not, its machines cost the same."
            if found.always_on_is_cheaper
            else f"At {requests(case.workload.requests)} serverless is {usd(more)} a month cheaper as well."
        ]
    return Finding(
        applies=applies,
        choose=f"serverless: {chosen(case)}",
        because=(
            "Nobody can tell next month's load, and what is paid by the request cannot be sized wrongly."
            if not case.answers.predictable
            else "Next month's load can be told.",
            *money,
        ),
        changes=f"A load that can be told; then money decides. {priced.changes(case)}"
        if not case.answers.predictable and found is not None
        else "A load that nobody can tell.",
        sources=chosen_sources(case),
    )


RULE = Rule(
    id="unpredictable",
    when="Unpredictable load",
    rank="a bill that rests on a forecast is worth what the forecast is worth",
    judge=_judge,
)
