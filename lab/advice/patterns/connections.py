"""A connection to the database for each request."""

from __future__ import annotations

import math

from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import plain, upper


def _judge(case: Case) -> Finding:
    fact = case.facts.facts["connections"]
    opened = case.a_second * case.workload.shape.peak
    at_once = max(1, math.ceil(case.peak_concurrency))
    shown = case.answers.connecting == "each-request"
    return Finding(
        applies=shown,
        choose="connections made outside of the handler, behind a pooler, or a database without connections",
        because=(
            f"Each request opens its own: {plain(opened)} connections a second and {at_once:,} at once in the busiest"
            " minute."
            if shown
            else f"Connections outlive a request; in the busiest minute up to {at_once:,} instances hold one each.",
            upper(fact.sentence),
        ),
        changes="Connections that outlive a request (connecting = shared)."
        if shown
        else "A connection a request (connecting = each-request).",
        sources=(fact.source,),
        decides=False,
    )


RULE = Rule(id="avoid-connections", when="A connection a request", rank="", judge=_judge)
