"""The plan: loads alternate between targets, and caps hold before anything is sent."""

import pytest

from lab.errors import CapExceededError, InvalidScenarioError
from lab.load.plan import plan
from lab.scenario import Caps, Endpoint, Level, Scenario
from lab.targets import Target

TARGETS = tuple(Target(name=name, url=f"http://{name}", origin="cloud") for name in ("a", "b", "c"))
SCENARIO = Scenario(
    name="s",
    endpoints=tuple(Endpoint(name=name, method="GET", path=f"/{name}") for name in ("one", "two")),
    levels=(Level(rate=10, connections=1), Level(rate=100, connections=8)),
)


def test_each_load_visits_all_targets_one_right_after_the_other_in_changing_order() -> None:
    slots = plan(TARGETS, SCENARIO, Caps(), seconds=90, rounds=5, seed=3)
    assert len(slots) == 2 * 2 * 3 * 5
    visits = [slots[start : start + 3] for start in range(0, len(slots), 3)]
    assert all(len({(slot.endpoint.name, slot.level, slot.number) for slot in visit}) == 1 for visit in visits)
    assert all({slot.target.name for slot in visit} == {"a", "b", "c"} for visit in visits)
    assert len({tuple(slot.target.name for slot in visit) for visit in visits}) > 2
    assert sum(slot.seconds for slot in slots) == pytest.approx(90)


def test_the_same_seed_is_the_same_plan() -> None:
    first, again, other = (plan(TARGETS, SCENARIO, Caps(), seconds=60, rounds=2, seed=seed) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(("caps", "flag"), [(Caps(rate=99), "--max-rate"), (Caps(requests=1_000), "--max-requests")])
def test_more_than_a_cap_is_refused_with_the_flag_that_raises_it(caps: Caps, flag: str) -> None:
    with pytest.raises(CapExceededError, match=flag):
        plan(TARGETS, SCENARIO, caps, seconds=60, rounds=2, seed=1)


def test_too_short_a_time_is_refused_with_one_that_would_do() -> None:
    with pytest.raises(InvalidScenarioError, match=r"--seconds 30 or more"):
        plan(TARGETS, SCENARIO, Caps(), seconds=10, rounds=5, seed=1)
