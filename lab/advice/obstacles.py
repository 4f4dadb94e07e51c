"""What on a platform stands in a workload's way: a limit that it passes, or something that the platform lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.advice.answers import Answers
from lab.advice.facts import Facts
from lab.advice.words import plain
from lab.cost.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """`text` is a sentence without its stop, with both figures."""

    platform: str
    text: str
    source: str


def amounts(workload: Workload, answers: Answers) -> dict[str, float]:
    """How much of each limited thing there is, by the limits' words; what is not known is missing."""
    longest = max(answers.longest_s, workload.wall_ms / 1000)
    share = min(1.0, workload.cpu_ms / workload.wall_ms) if workload.wall_ms else 1.0
    known = {
        "request_s": longest,
        "request_cpu_s": longest * share if answers.longest_cpu_s is None else answers.longest_cpu_s,
        "memory_mb": answers.needs_mb,
        "package_mb": answers.package_mb,
    }
    return {name: amount for name, amount in known.items() if amount is not None}


def needs(answers: Answers) -> frozenset[str]:
    """What it needs, by the words in which platforms lack something."""
    return frozenset(({answers.answering} - {"whole"}) | ({"native"} if answers.native else set()))


def obstacles(platform: str, facts: Facts, there: Mapping[str, float], wanted: frozenset[str]) -> tuple[Obstacle, ...]:
    """Empty where a platform takes the requests as they are; jobs in the background are judged by themselves."""
    passed = [
        Obstacle(
            platform=platform,
            text=f"{limit.text.format(value=f'{plain(limit.at_most)} {limit.unit}')}; here it is"
            f" {plain(there[limit.of])} {limit.unit}",
            source=limit.source,
        )
        for limit in facts.limits
        if limit.platform == platform and there.get(limit.of, 0.0) > limit.at_most
    ]
    lacking = [
        Obstacle(platform=platform, text=lack.text, source=lack.source)
        for lack in facts.lacks
        if lack.platform == platform and lack.need in wanted
    ]
    return (*passed, *lacking)
