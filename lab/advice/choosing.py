"""Which serverless platform is meant where a rule says serverless."""

from __future__ import annotations

from lab.advice.case import Case
from lab.advice.comparison import preferred
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
        *(f"{case.name(one.platform)} is out: {one.text}." for found in case.obstacles.values() for one in found),
        *(f"{case.name(name)} is out: {case.tails[name].text}." for name in case.able if name not in case.serverless),
    )


def chosen_sources(case: Case) -> tuple[str, ...]:
    """Of the platforms, and of what is against one."""
    return (
        *(trait.source for trait in case.facts.traits.values()),
        *(one.source for found in case.obstacles.values() for one in found),
    )
