"""A package that takes long to start."""

from __future__ import annotations

from lab.advice.case import Case
from lab.advice.rule import Finding, Rule
from lab.advice.words import plain, upper


def _judge(case: Case) -> Finding:
    line = case.facts.lines["large-package"]
    size = case.answers.package_mb
    large = size is not None and size > line.value
    facts = [case.facts.facts[name] for name in ("imports-cold", "image-p99", "zip-p99")]
    limits = [limit for limit in case.facts.limits if limit.of == "package_mb" and limit.platform in case.obstacles]
    return Finding(
        applies=large,
        choose="fewer dependencies, imported where they are used",
        because=(
            "The package's size is not known."
            if size is None
            else f"The package is {plain(size)} MB, {'over' if large else 'not over'} the line of {plain(line.value)}"
            f" MB: {line.text.format(value=f'{plain(line.value)} {line.unit}')}.",
            *(upper(fact.sentence) for fact in facts if large),
            *(upper(limit.text.format(value=f"{plain(limit.at_most)} {limit.unit}")) for limit in limits if large),
        ),
        changes=f"A package of {'at most' if large else 'more than'} {plain(line.value)} MB.",
        sources=(*(fact.source for fact in facts), *(limit.source for limit in limits)),
        decides=False,
    )


RULE = Rule(id="avoid-large-package", when="A large package", rank="", judge=_judge)
