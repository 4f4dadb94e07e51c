"""What rules say about money."""

from __future__ import annotations

from lab.advice.case import Case
from lab.advice.compared import Comparison
from lab.advice.comparison import break_even_of
from lab.advice.words import listed, ms, requests, times, usd
from lab.cost.workload import Workload

_LARGEST = 3


def sentences(case: Case, found: Comparison) -> tuple[str, ...]:
    """The two bills, the break-even figure, and what the bills leave out."""
    cheaper = "always-on" if found.always_on_is_cheaper else "serverless"
    names = (*case.able, found.always_on)
    each = ", ".join(f"{case.name(name)} {usd(case.total(name, case.workload))}" for name in names)
    bills = (
        f"For {requests(case.workload.requests)}: {each}; {cheaper} saves {usd(found.saves)} a month"
        f" ({case.name(found.serverless)} against {case.name(found.always_on)})."
    )
    return (
        bills,
        *(f"Break-even with {case.name(name)}: {_note(case, name)}" for name in case.able),
        *_single(case),
        _working(case),
        *_doubts(case, found),
    )


def _note(case: Case, serverless: str) -> str:
    assert case.comparison is not None
    return break_even_of(case, serverless, case.comparison.always_on).note


def changes(case: Case) -> str:
    """Where the cheaper kind changes, each worked out by the cost model with all else as it is."""
    if case.comparison is None:
        return "A price table (--prices) with both kinds."
    if not case.turns:
        return "The same kind is cheaper at any load, peak and duration that is searched."
    other = "Serverless" if case.comparison.always_on_is_cheaper else "Always-on"
    work = case.workload
    now = f"{requests(work.requests)}, a peak of {times(work.shape.peak)} the mean, {ms(work.wall_ms)}"
    places = listed(turn.text for turn in case.turns)
    return f"{other} is the cheaper kind {places} (now {now}; processor time in proportion)."


def sources(case: Case, found: Comparison) -> tuple[str, ...]:
    """Where the largest prices of both bills are said."""
    kept: list[str] = []
    for platform in (found.serverless, found.always_on):
        largest = sorted(case.tariffs[platform].charges(case.workload), key=lambda one: -one.amount)[:_LARGEST]
        kept.extend(one.price.source for one in largest)
    return tuple(dict.fromkeys(kept))


def running(case: Case) -> tuple[str, ...]:
    """What always-on costs where it is not a question of price."""
    best = case.cheapest(case.always_on, case.workload)
    if best is None:
        return ()
    return (f"Always-on, the cheapest: {case.name(best)}, {usd(case.total(best, case.workload))} a month.",)


def added(case: Case, workload: Workload) -> tuple[str, ...]:
    """What another workload costs more than this one, by serverless platform; only where it does."""
    told = []
    for name in case.able:
        more = case.total(name, workload) - case.total(name, case.workload)
        if more > 0:
            told.append(f"{usd(more)} on {case.name(name)}")
    return tuple(told)


def _single(case: Case) -> tuple[str, ...]:
    alone = case.cheapest(case.single, case.workload)
    if alone is None:
        return ()
    price = usd(case.total(alone, case.workload))
    return (f"{case.name(alone)}: {price}, but the failure of a machine is felt; it is not compared.",)


def _working(case: Case) -> str:
    if case.answers.ops_usd:
        return f"Always-on is counted with {usd(case.answers.ops_usd)} a month for the work of running it (ops_usd)."
    return "Nobody's working time is counted on either side; ops_usd adds it to always-on."


def _doubts(case: Case, found: Comparison) -> tuple[str, ...]:
    doubtful = {
        one.price.dimension
        for platform in (found.serverless, found.always_on)
        for one in case.tariffs[platform].charges(case.workload)
        if one.amount and one.price.doubt(case.today)
    }
    if not doubtful:
        return ()
    return (f"In doubt (old, or not verified): the prices of {listed(sorted(doubtful), 'and')}.",)
