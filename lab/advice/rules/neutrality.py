"""Vendor neutrality is a must: a container anywhere."""

from __future__ import annotations

from lab.advice import priced
from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed


def _judge(case: Case) -> Finding:
    said = case.answers.neutrality
    required = said == "required"
    own = listed([case.name(name) for name in case.obstacles] or ["serverless platforms"], "and")
    first = {
        "required": "It must run at another vendor without a rewrite;"
        f" entry points, triggers and state of {own} are each that vendor's own.",
        "wanted": "Neutrality is wanted, not required: keep the application behind ports,"
        " and count what is not portable with `python -m lab lockin`.",
        "no": "Neutrality is not asked for.",
    }[said]
    return Finding(
        applies=required,
        choose="not serverless: a container that runs anywhere",
        because=(first, *(priced.running(case) if required else ())),
        changes="Neutrality that is wanted instead of required; `python -m lab lockin` names the lines and resources"
        " that leaving would take."
        if required
        else "Neutrality that is required.",
        sources=tuple(trait.source for trait in case.facts.traits.values()),
    )


RULE = Rule(
    id="neutrality",
    when="Vendor neutrality is required",
    rank="what must be is before what is cheap or fast",
    judge=_judge,
)
