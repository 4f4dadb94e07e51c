"""Waiting that is billed."""

from __future__ import annotations

import dataclasses

from lab.advice import priced
from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed, ms, percent, plain


def _judge(case: Case) -> Finding:
    line = case.facts.lines["waiting-share"]
    work = case.workload
    share = max(0.0, 1 - work.cpu_ms / work.wall_ms) if work.wall_ms else 0.0
    busy = {
        platform: {name: value for name, value in own.items() if name != "wall_ms"}
        for platform, own in work.by_platform.items()
    }
    without = dataclasses.replace(work, wall_ms=min(work.wall_ms, work.cpu_ms), by_platform=busy)
    told = priced.added(dataclasses.replace(case, workload=without), work)
    shown = share * 100 >= line.value and bool(told)
    first = f"{percent(share)} of a request is waiting ({ms(work.wall_ms)}, of which {ms(work.cpu_ms)} compute)."
    return Finding(
        applies=shown,
        choose="a platform that bills processor time, or work that is handed on instead of waited for",
        because=(
            first,
            f"The line is the table's own: {line.text.format(value=f'{plain(line.value)} {line.unit}')}.",
            *((f"The waiting costs {listed(told, 'and')} a month; elsewhere it costs nothing.",) if shown else ()),
        ),
        changes=f"{'Less' if shown else 'At least'} {'than ' if shown else ''}{plain(line.value)} {line.unit} waiting.",
        sources=tuple(trait.source for trait in case.facts.traits.values()),
        decides=False,
    )


RULE = Rule(id="avoid-waiting", when="Waiting that is billed", rank="", judge=_judge)
