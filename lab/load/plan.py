"""Which rounds are run, in which order, and for how long."""

from __future__ import annotations

import random
from collections.abc import Sequence

from lab.errors import CapExceededError, InvalidScenarioError
from lab.load.open_loop import Slot
from lab.load.rounds import warm_up_requests
from lab.scenario import Caps, Scenario
from lab.targets import Target

SHORTEST = 0.5
"""Seconds: a shorter round would be mostly its beginning."""


def plan(
    targets: Sequence[Target],
    scenario: Scenario,
    caps: Caps,
    *,
    seconds: float,
    rounds: int,
    seed: int,
    share: float = 1.0,
) -> tuple[Slot, ...]:
    """All rounds, in the order in which they are to be run: each load visits all targets one right after the other, in
    an order drawn anew each time, so that what drifts meanwhile meets all alike.

    `seconds` are those of load, `share` their part of all that a user gives. Raises CapExceededError,
    InvalidScenarioError: nothing was sent.
    """
    loads = [(endpoint, level) for endpoint in scenario.endpoints for level in scenario.levels]
    slots = len(loads) * len(targets) * rounds
    if not slots:
        raise InvalidScenarioError("there is nothing to measure: a scenario needs an endpoint, a level and a round")
    each = seconds / slots
    if each < SHORTEST:
        raise InvalidScenarioError(
            f"{seconds:g} s of load are too few for {len(loads)} loads of {len(targets)} targets in {rounds} rounds: "
            f"each would last {each:.2f} s. Give --seconds {SHORTEST * slots / share:.0f} or more, or fewer --rounds"
        )
    _check_rate(scenario, caps)
    chance = random.Random(seed)  # noqa: S311
    order: list[Slot] = []
    for number in range(rounds):
        for endpoint, level in chance.sample(loads, len(loads)):
            for target in chance.sample(list(targets), len(targets)):
                slot = Slot(
                    target=target, endpoint=endpoint, level=level, number=number, seconds=each, phase=chance.random()
                )
                order.append(slot)
    widest = {slot.target.name: slot for slot in sorted(order, key=lambda slot: slot.level.connections)}
    total = sum(slot.requests for slot in order) + sum(warm_up_requests(slot) for slot in widest.values())
    if total > caps.requests:
        raise CapExceededError(
            f"this would send {total:,} requests, and the cap is {caps.requests:,}: raise it with --max-requests, or "
            "lower --seconds"
        )
    return tuple(order)


def _check_rate(scenario: Scenario, caps: Caps) -> None:
    fastest = max(level.rate for level in scenario.levels)
    if fastest > caps.rate:
        raise CapExceededError(
            f"the level of {fastest:g} requests a second is over the cap of {caps.rate:g}: raise it with --max-rate"
        )
