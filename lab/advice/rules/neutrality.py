"""Vendor neutrality is a must: a container anywhere."""

from __future__ import annotations

from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import listed, usd


def _judge(case: Case) -> Finding:
    said = case.answers.neutrality
    runs = case.cheapest(case.always_on, case.workload)
    price = f" Here the cheapest is {case.name(runs)}, {usd(case.total(runs, case.workload))} a month." if runs else ""
    own = listed((case.name(name) for name in case.obstacles), "and")
    return Finding(
        applies=said == "required",
        choose="not serverless: a container that runs anywhere",
        because=(
            {
                "required": f"It must run at another vendor without a rewrite; entry points, triggers and state of"
                f" {own} are each that vendor's own.{price}",
                "wanted": "Neutrality is wanted, not required: keep the application behind ports, and count what is"
                " not portable with `python -m lab lockin`.",
                "no": "Neutrality is not asked for.",
            }[said],
        ),
        changes="neutrality = wanted instead of required; `python -m lab lockin` names the lines and resources"
        " that leaving would take."
        if said == "required"
        else "neutrality = required.",
        sources=_sources(case),
    )


def _sources(case: Case) -> tuple[str, ...]:
    return tuple(trait.source for trait in case.facts.traits.values())


RULE = Rule(
    id="neutrality",
    when="Vendor neutrality is required",
    rank="what must be is before what is cheap or fast",
    judge=_judge,
)
