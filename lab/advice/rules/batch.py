"""Jobs in the background that run longer than functions may."""

from __future__ import annotations

from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed, seconds, upper


def _judge(case: Case) -> Finding:
    longest, steps = case.answers.job_s, case.answers.job_steps
    limits = [limit for limit in case.facts.limits if limit.of == "job_s" and limit.platform in case.obstacles]
    unlimited = case.obstacles.keys() - {limit.platform for limit in limits}
    most = max((limit.at_most for limit in limits), default=0.0)
    applies = longest > most and not unlimited
    services = case.facts.services_for("batch-steps" if steps else "batch-whole")
    whole = case.facts.services_for("batch-whole")
    names = [service.name for service in ((*services[:1], *whole) if steps else whole)]
    if not longest:
        first = "There are no jobs in the background."
    elif applies:
        first = f"The longest job runs {seconds(longest)}, longer than a function may ({seconds(most)})."
    else:
        first = f"The longest job runs {seconds(longest)}, which a function may ({seconds(most)})."
    cut = "cut into steps that start again by themselves" if steps else "one piece, which no workflow can cut"
    return Finding(
        applies=applies,
        choose=f"{listed(names)} for the jobs",
        because=(
            first,
            *((f"It is {cut}.", *(upper(service.text) for service in services)) if applies else ()),
            *(upper(limit.text.format(value=seconds(limit.at_most))) for limit in limits),
        ),
        changes=f"Jobs of at most {seconds(most)} fit into a function."
        if applies
        else f"A job of more than {seconds(most)}.",
        sources=(*(service.source for service in services), *(limit.source for limit in limits)),
        decides=not case.workload.requests,
    )


RULE = Rule(
    id="batch",
    when="Long-running batch",
    rank="where there are no requests, the jobs decide; else they run beside what answers",
    judge=_judge,
)
