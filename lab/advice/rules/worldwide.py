"""Users so far apart that light itself is too slow to one region."""

from __future__ import annotations

from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed, ms, upper


def _judge(case: Case) -> Finding:
    users, target = case.answers.users, case.answers.typical_ms
    speed = case.facts.facts["fibre-km-per-ms"]
    reach = case.facts.facts["edge-distance"]
    line = case.facts.lines.get(f"farthest-{users}")
    least = 2 * line.value / speed.value if line is not None else 0.0
    near = [case.name(name) for name in case.able if case.reaches_edge(name)]
    far_off = target is not None and target < least
    applies = far_off and bool(near)
    kept = case.state != "none"
    others = case.facts.services_for("edge")
    if target is None:
        first = "No target for a typical answer was given."
    elif line is None:
        first = "All users are in one region, to which a platform can be deployed."
    elif far_off:
        first = (
            f"An answer within {ms(target)} is wanted; light alone takes {ms(least)} to the farthest users and back."
        )
    else:
        first = f"An answer within {ms(target)} leaves room for the {ms(least)} that light takes to the farthest users."
    return Finding(
        applies=applies,
        choose=listed(near or ["a platform near the users"]),
        because=(
            first,
            *((upper(line.text.format(value=f"{line.value:,.0f} {line.unit}")),) if line is not None else ()),
            upper(speed.sentence),
            *((upper(reach.sentence),) if far_off else ()),
            *(("No platform that answers near the users takes these requests.",) if far_off and not near else ()),
            *(upper(service.text) for service in others if far_off),
            *(("State in one place brings the way back: keep reads near the users, too.",) if far_off and kept else ()),
        ),
        changes=f"A target of {ms(least)} or more, or users in one region."
        if far_off
        else f"A target under {ms(least)}."
        if line is not None
        else "Users in more than one region, and a target under what light takes to them.",
        sources=(speed.source, reach.source, *(service.source for service in others)),
    )


RULE = Rule(
    id="worldwide",
    when="Ultra-low latency worldwide",
    rank="no money makes light faster",
    judge=_judge,
)
