"""A promise about the p99 that a cold start breaks."""

from __future__ import annotations

import dataclasses

from lab.advice import priced
from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.tail import TAIL_SHARE
from lab.advice.warm import instances
from lab.advice.words import ms, percent, upper, usd


def _judge(case: Case) -> Finding:
    target = case.answers.p99_ms
    shown = tuple(each.sentence for each in case.measured)
    sources = tuple(
        source for source in (case.cold.source, *(tail.source for tail in case.tails.values())) if source is not None
    ) or tuple(each.source for each in case.facts.cold_starts)
    choose = "not serverless: instances that run all the time"
    if target is None:
        first = "No p99 was promised."
        return Finding(applies=False, choose=choose, because=(first, *shown), changes=_needed(case), sources=sources)
    broken = [tail for tail in case.tails.values() if not tail.keeps(target)]
    strict = bool(case.able) and len(broken) == len(case.able)
    kept = [case.name(tail.platform) for tail in case.tails.values() if tail.keeps(target)]
    first = (
        f"A p99 of {ms(target)} was promised, and a cold start takes longer on every serverless platform."
        if strict
        else f"A p99 of {ms(target)} is kept by {', '.join(kept) or 'none that takes the requests'}."
    )
    why = tuple(upper(f"{case.name(tail.platform)}: {tail.text}") for tail in case.tails.values())
    return Finding(
        applies=strict,
        choose=choose,
        because=(first, upper(case.cold.text), *why, *shown, *(priced.running(case) if strict else ())),
        changes=_needed(case) + (_kept_warm(case) if strict else ""),
        sources=sources,
    )


def _needed(case: Case) -> str:
    known = {case.name(tail.platform): tail.needs_ms for tail in case.tails.values() if tail.needs_ms is not None}
    if not known:
        return f"{percent(TAIL_SHARE)} of requests or more that meet a new instance."
    each = ", ".join(f"{ms(value)} on {name}" for name, value in known.items())
    return (
        f"The line between strict and not is {each}; it falls where fewer than {percent(TAIL_SHARE)} of requests are"
        " cold even in the busiest minute, measured in a cloud (cold_share)."
    )


def _kept_warm(case: Case) -> str:
    """What instances that are kept warm cost where a platform sells that."""
    count = instances(case.peak_concurrency, TAIL_SHARE)
    warm = dataclasses.replace(case.workload, warm_environments=count, warm_share=1)
    told = []
    for name in case.able:
        more = case.total(name, warm) - case.total(name, case.workload)
        if more:
            told.append(f"{usd(more)} a month more for {count:,} on {case.name(name)}")
    return f" Or instances that are kept warm all month: {', '.join(told)}." if told else ""


RULE = Rule(
    id="strict-p99",
    when="A p99 is promised that cold starts break",
    rank="a promise is before money",
    judge=_judge,
)
