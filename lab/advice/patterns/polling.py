"""Asking again and again whether there is work."""

from __future__ import annotations

import dataclasses
from typing import Final

from lab.advice import priced
from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed, requests, seconds
from lab.cost.measures import HOURS_A_MONTH

_HOUR_S: Final = 3600


def _judge(case: Case) -> Finding:
    line = case.facts.lines["often-polled"]
    every = case.answers.poll_s
    often = 0 < every < line.value
    polls = float(HOURS_A_MONTH) * _HOUR_S / every if every else 0.0
    more = dataclasses.replace(case.workload, requests=case.workload.requests + polls)
    told = priced.added(case, more)
    return Finding(
        applies=often,
        choose="an event, a queue or a schedule instead of polling",
        because=(
            "Nothing polls."
            if not every
            else f"A poll every {seconds(every)} makes {requests(polls)}, most for nothing"
            + (f": {listed(told, 'and')} a month more." if told else "; they fit into what is included."),
            f"The line is the table's own: {line.text.format(value=seconds(line.value))}.",
        ),
        changes=f"Polls {'no more often than' if often else 'more often than'} every {seconds(line.value)}.",
        sources=tuple(trait.source for trait in case.facts.traits.values()),
        decides=False,
    )


RULE = Rule(id="avoid-polling", when="Polling", rank="", judge=_judge)
