"""A load with peaks far above its mean."""

from __future__ import annotations

from lab.advice.case import Case
from lab.advice.choosing import chosen, chosen_sources
from lab.advice.rule import Finding, Rule
from lab.advice.words import percent, times


def _judge(case: Case) -> Finding:
    line = case.facts.lines["spiky-peak"]
    peak = case.workload.shape.peak
    spiky = peak >= line.value
    idle = percent(1 - 1 / peak)
    return Finding(
        applies=spiky and bool(case.able),
        choose=f"serverless: {chosen(case)}",
        because=(
            f"The busiest minute has {times(peak)} the mean load: what is sized for it idles {idle} of the time."
            if spiky
            else f"The busiest minute has {times(peak)} the mean load, under the line of {times(line.value)}.",
            f"The line is the table's own: {line.text.format(value=f'{line.value:g} {line.unit}')}.",
        ),
        changes=f"A peak {'under' if spiky else 'of at least'} {times(line.value)} the mean.",
        sources=chosen_sources(case),
    )


RULE = Rule(
    id="spiky",
    when="Spiky load",
    rank="serverless follows a peak by itself, and no rule before found always-on cheaper",
    judge=_judge,
)
