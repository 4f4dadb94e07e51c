"""Many operations on state for one request."""

from __future__ import annotations

import dataclasses

from lab.advice import priced
from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed, plain


def _judge(case: Case) -> Finding:
    line = case.facts.lines["chatty-operations"]
    work = case.workload
    operations = work.reads + work.writes
    chatty = operations >= line.value
    bare = dataclasses.replace(case, workload=dataclasses.replace(work, reads=0, writes=0))
    told = priced.added(bare, work)
    return Finding(
        applies=chatty,
        choose="state that one or two operations a request read and write",
        because=(
            f"{plain(operations)} operations on state a request; {line.text.format(value=plain(line.value))}.",
            *((f"They cost {listed(told, 'and')} a month.",) if told and chatty else ()),
        ),
        changes=f"{'Fewer than' if chatty else 'At least'} {plain(line.value)} operations a request.",
        sources=tuple(service.source for service in case.facts.services_for("state")),
        decides=False,
    )


RULE = Rule(id="avoid-chatty-state", when="Chatty state", rank="", judge=_judge)
