"""A long chain of functions, each waiting for the next."""

from __future__ import annotations

from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.tail import TAIL_SHARE
from lab.advice.words import ms, percent, plain, seconds, upper


def _judge(case: Case) -> Finding:
    line = case.facts.lines["chain"]
    together = case.answers.calls + 1
    long = together >= line.value
    slow = 1 - (1 - TAIL_SHARE) ** together
    limits = [limit for limit in case.facts.limits if limit.of == "request_s" and limit.platform in case.obstacles]
    return Finding(
        applies=long,
        choose="a workflow, or fewer steps while the client waits",
        because=(
            f"{plain(together)} functions one after another: {percent(slow)} of requests meet a p99 of one of them"
            f" or worse, and each answer takes {ms(together * case.workload.wall_ms)} or more."
            if long
            else f"At most {plain(together)} in a row, under the line of {plain(line.value)}.",
            f"The line is the table's own: {line.text.format(value=f'{line.value:g} {line.unit}')}.",
            *(upper(limit.text.format(value=seconds(limit.at_most))) for limit in limits if long),
        ),
        changes=f"A chain {'under' if long else 'of at least'} {plain(line.value)}.",
        sources=tuple(limit.source for limit in limits) or tuple(t.source for t in case.facts.traits.values()),
        decides=False,
    )


RULE = Rule(id="avoid-chain", when="Long synchronous chains", rank="", judge=_judge)
