"""Which serverless platform is meant where a rule says serverless."""

from __future__ import annotations

from lab.advice.case import Case
from lab.advice.comparison import break_even_of, preferred
from lab.advice.words import listed, requests, usd


def chosen(case: Case) -> str:
    """By name: near the users where latency matters, else the cheapest for this workload."""
    best = case.cheapest(preferred(case), case.workload)
    return case.name(best) if best is not None else "none of the platforms"


def chosen_because(case: Case) -> tuple[str, ...]:
    """Why that one."""
    if not case.serverless:
        return ("No serverless platform takes these requests.",)
    bills = ", ".join(f"{case.name(name)} {usd(case.total(name, case.workload))}" for name in case.able)
    near = [case.name(name) for name in case.serverless if case.reaches_edge(name)]
    reason = "the cheapest for this workload is taken"
    if case.latency_matters and near:
        reason = f"latency matters, so what answers near the users is taken ({listed(near)})"
    elif case.latency_matters:
        reason = "latency matters, but what answers near the users does not take these requests or misses the p99"
    return (
        f"For {requests(case.workload.requests)}: {bills}; {reason}.",
        *_between(case),
        *(f"{case.name(one.platform)} is out: {one.text}." for found in case.obstacles.values() for one in found),
        *(f"{case.name(name)} is out: {case.tails[name].text}." for name in case.able if name not in case.serverless),
    )


def _between(case: Case) -> tuple[str, ...]:
    """Where the two cheapest change places."""
    if case.latency_matters or len(case.serverless) <= 1:
        return ()
    first, second = sorted(case.serverless, key=lambda name: case.total(name, case.workload))[:2]
    return (f"Between {case.name(first)} and {case.name(second)}: {break_even_of(case, first, second).note}",)


def chosen_sources(case: Case) -> tuple[str, ...]:
    """Of the platforms, and of what is against one."""
    return (
        *(trait.source for trait in case.facts.traits.values()),
        *(one.source for found in case.obstacles.values() for one in found),
    )
