"""A function that calls another and waits."""

from __future__ import annotations

import dataclasses

from lab.advice import priced
from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed, percent, plain, requests, upper


def _judge(case: Case) -> Finding:
    calls, work = case.answers.calls, case.workload
    twice = case.facts.facts["waits-for-another"]
    all_of_it = dataclasses.replace(work, requests=work.requests * (1 + calls))
    told = priced.added(case, all_of_it)
    usual, cold = percent(work.cold_share), percent(1 - (1 - work.cold_share) ** (1 + calls))
    return Finding(
        applies=calls > 0,
        choose="one function instead of several, or a queue between them",
        because=(
            f"A request calls {plain(calls)} functions and waits: {requests(work.requests * calls)} more."
            if calls
            else "No request calls a function of its own and waits.",
            *((f"If each takes as long as a request: {listed(told, 'and')} a month more.",) if calls and told else ()),
            *((f"A cold start is met by {cold} of requests instead of {usual}.",) if calls else ()),
            upper(twice.sentence),
        ),
        changes="Calls inside one function, or events that nobody waits for."
        if calls
        else "Any call that a request waits for (calls).",
        sources=(twice.source,),
        decides=False,
    )


RULE = Rule(id="avoid-calls", when="A function calls a function", rank="", judge=_judge)
