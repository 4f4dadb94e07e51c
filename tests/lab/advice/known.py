"""What the tests of advice rest on: one day, the lab's own prices and facts, and a plain workload."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lab.advice.answers import answers
from lab.advice.facts import Facts, read_facts
from lab.advice.finding import Advice
from lab.advice.peak import with_peak
from lab.advice.table import VERDICT, advise
from lab.cost.price_table import read_prices
from lab.cost.workload import Workload
from lab.latency import Latency

TODAY = datetime.date(2026, 11, 28)
PRICES = read_prices()
FACTS = read_facts()
LAMBDA_OR_FARGATE = ("aws", "fargate")


def workload(peak: float | None = None, **figures: float) -> Workload:
    """Nothing but what is given, on a flat day."""
    plain = Workload(**figures, origin=dict.fromkeys(figures, "given"))  # type: ignore[arg-type]
    return plain if peak is None else replace(plain, shape=with_peak(plain.shape, peak))


def advised(
    work: Workload | None = None,
    said: Mapping[str, Any] | None = None,
    platforms: tuple[str, ...] = (),
    latency: Latency | None = None,
    facts: Facts = FACTS,
) -> dict[str, Advice]:
    """By rule, in the table's order."""
    found = advise(
        work or workload(),
        PRICES,
        answers=answers(said or {}),
        facts=facts,
        latency=latency,
        today=TODAY,
        platforms=platforms,
    )
    return {each.rule: each for each in found}


def decided_by(found: dict[str, Advice]) -> str:
    """The rule that the verdict names."""
    return found[VERDICT].because[0].removeprefix("Rule ").partition(":")[0]
