"""One workload with all that rules look at, worked out once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lab.advice.answers import Answers
from lab.advice.compared import Comparison, Turn
from lab.advice.facts import Facts
from lab.advice.obstacles import Obstacle, amounts, needs, obstacles
from lab.advice.seen import Seen, seen
from lab.advice.tail import ColdShare, Tail, cold_share, tail
from lab.cost.fleet import MEMORY
from lab.cost.meter import Free
from lab.cost.prices import Prices
from lab.cost.tariff import Tariff, tariff
from lab.cost.workload import Workload
from lab.errors import InvalidWorkloadError
from lab.latency import Latency

_PROCESSORS = "cpu_cores"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`serverless` and `always_on` are the platforms that come into question: those that take the workload as it is
    and keep what was promised, and those that survive the loss of one of their machines (any, where none does).
    """

    workload: Workload
    answers: Answers
    facts: Facts
    prices: Prices
    today: datetime.date
    tariffs: Mapping[str, Tariff]
    obstacles: Mapping[str, tuple[Obstacle, ...]]
    """By serverless platform."""
    tails: Mapping[str, Tail]
    cold: ColdShare
    measured: tuple[Seen, ...]
    able: tuple[str, ...]
    """Serverless platforms without an obstacle."""
    serverless: tuple[str, ...]
    always_on: tuple[str, ...]
    single: tuple[str, ...]
    """Always-on platforms whose one machine is an outage when it fails."""
    comparison: Comparison | None = None
    turns: tuple[Turn, ...] = ()

    def name(self, platform: str) -> str:
        """As advice calls it."""
        trait = self.facts.traits.get(platform)
        return trait.short if trait is not None else self.prices.platforms[platform].title

    def reaches_edge(self, platform: str) -> bool:
        """Whether it answers near each user."""
        trait = self.facts.traits.get(platform)
        return trait is not None and trait.reach == "edge"

    @property
    def latency_matters(self) -> bool:
        """Users in more than one region, or a target for a typical answer."""
        return self.answers.users != "one-region" or self.answers.typical_ms is not None

    @property
    def state(self) -> str:
        """Where state is: as was said, else by what the workload does."""
        if self.answers.state is not None:
            return self.answers.state
        touched = self.workload.reads or self.workload.writes or self.workload.stored_gb
        return "external" if touched else "none"

    @property
    def a_second(self) -> float:
        """Requests in the mean."""
        return self.workload.requests * 12 / (365 * 24 * 3600)

    @property
    def peak_concurrency(self) -> float:
        """Requests under way at once in the busiest minute."""
        return self.a_second * self.workload.shape.peak * self.workload.wall_ms / 1000

    def total(self, platform: str, workload: Workload) -> Decimal:
        """USD a month; always-on with what its running costs in working time."""
        found = self.tariffs[platform]
        working = Decimal(str(self.answers.ops_usd)) if found.platform.kind == "always-on" else Decimal(0)
        return found.total(workload) + working

    def cheapest(self, platforms: tuple[str, ...], workload: Workload) -> str | None:
        """Of these; the price table's order where they cost the same."""
        return min(platforms, key=lambda name: self.total(name, workload), default=None)


def build(
    workload: Workload,
    answers: Answers,
    prices: Prices,
    facts: Facts,
    *,
    today: datetime.date,
    free: Free,
    latency: Latency | None,
    platforms: Sequence[str] = (),
) -> Case:
    """`platforms` are those that come into question, all where there are none. Raises InvalidWorkloadError for
    options or platforms that the price table has not.
    """
    if wrong := [name for name in platforms if name not in prices.platforms]:
        raise InvalidWorkloadError(f"no platform {', '.join(wrong)}; the price table has {', '.join(prices.platforms)}")
    open_to = {name: one for name, one in prices.platforms.items() if not platforms or name in platforms}
    if unknown := sorted(set(workload.options) - prices.options.keys()):
        raise InvalidWorkloadError(f"no option {', '.join(unknown)}; the price table has {', '.join(prices.options)}")
    tariffs = {one.name: tariff(one, prices, workload.options, free) for one in open_to.values()}
    there, wanted = amounts(workload, answers), needs(answers)
    hindered = {
        name: obstacles(name, facts, there, wanted) for name, one in open_to.items() if one.kind == "serverless"
    }
    able = tuple(name for name, found in hindered.items() if not found)
    measured = seen(latency) if latency is not None else ()
    cold = cold_share(workload, facts)
    tails = {name: tail(name, facts, measured, cold) for name in able}
    target = answers.p99_ms
    keeping = tuple(name for name in able if target is None or tails[name].keeps(target))
    always_on = [name for name, one in open_to.items() if one.kind == "always-on"]
    large = tuple(name for name in always_on if _holds(tariffs[name], workload))
    surviving = tuple(name for name in large if _survives(tariffs[name]))
    return Case(
        workload=workload,
        answers=answers,
        facts=facts,
        prices=prices,
        today=today,
        tariffs=tariffs,
        obstacles=hindered,
        tails=tails,
        cold=cold,
        measured=measured,
        able=able,
        serverless=keeping or able,
        always_on=surviving or large,
        single=tuple(name for name in large if surviving and name not in surviving),
    )


def _survives(tariff: Tariff) -> bool:
    machines = [units for units in tariff.units.values() if any(_PROCESSORS in size.holds for size in units.sizes)]
    return all(units.minimum > 1 for units in machines)


def _holds(tariff: Tariff, workload: Workload) -> bool:
    own = tariff.own(workload)
    sized = {name for name, units in tariff.units.items() if any(MEMORY in size.holds for size in units.sizes)}
    return all(found.fits for name, found in tariff.fleets(own).items() if name in sized)
