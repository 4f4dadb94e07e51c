"""Requests that no serverless platform takes: too long, too large, or of a kind that none offers."""

from __future__ import annotations

from lab.advice import priced
from lab.advice.case import Case
from lab.advice.obstacles import amounts
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed, plain, upper


def _judge(case: Case) -> Finding:
    hindered = not case.able
    obstacles = [obstacle for found in case.obstacles.values() for obstacle in found]
    there = amounts(case.workload, case.answers)
    named = [limit for limit in case.facts.limits if limit.of in there]
    room = [
        f"{case.name(limit.platform)}: {limit.text.format(value=f'{plain(limit.at_most)} {limit.unit}')}"
        for limit in named
        if limit.platform in case.obstacles
    ]
    able = listed((case.name(name) for name in case.able), "and") if case.able else ""
    first = (
        "No serverless platform of the table takes these requests."
        if hindered
        else f"{able} {'takes' if len(case.able) == 1 else 'take'} requests as long and large as these."
    )
    return Finding(
        applies=hindered,
        choose="not serverless: a container or an instance that runs all the time",
        because=(
            first,
            *(upper(f"{case.name(one.platform)}: {one.text}") for one in obstacles),
            *(priced.running(case) if hindered else ()),
        ),
        changes=(
            "Requests within one platform's limits: answer at once and do the rest in the background (rule batch)."
            if hindered
            else f"Requests past every platform's limits ({'; '.join(room)})."
        ),
        sources=tuple(one.source for one in obstacles) or tuple(limit.source for limit in named),
    )


RULE = Rule(
    id="long-computing",
    when="Requests compute longer, or need more, than serverless platforms take",
    rank="what a platform refuses cannot be chosen",
    judge=_judge,
)
