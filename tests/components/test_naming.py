"""Physical names: the same each time, within each cloud's limits, and told with every length where they cannot be."""

from __future__ import annotations

import re

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import naming
from components.errors import ArgumentError
from components.naming import LAMBDA_FUNCTION, LOG_GROUP, WORKER_SCRIPT, NameRule, physical_name
from tests.components.conftest import Recorder

RULES = (naming.IAM_ROLE, naming.LAMBDA_FUNCTION, naming.LOG_GROUP, naming.HTTP_API, naming.WORKER_SCRIPT)


def test_a_fitting_name_is_project_stack_and_component(recorder: Recorder) -> None:
    assert physical_name(LAMBDA_FUNCTION, "api") == "parallax-dev-api"
    assert physical_name(LOG_GROUP, "api", prefix="/aws/lambda/") == "/aws/lambda/parallax-dev-api"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_a_long_name_is_cut_to_the_limit_and_keeps_its_difference(recorder: Recorder, rule: NameRule) -> None:
    names = {physical_name(rule, "x" * 600 + end) for end in ("1", "2")}
    assert len(names) == 2
    assert {len(name) for name in names} == {rule.length}


@settings(deadline=None)
@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_any_stack_and_component_give_a_valid_name(stack: str, component: str) -> None:
    pulumi.runtime.set_mocks(Recorder(), project="parallax", stack=stack)
    for rule in RULES:
        name = physical_name(rule, component)
        assert 0 < len(name) <= rule.length
        assert not re.search(rule.refused, name, flags=re.ASCII)
        assert physical_name(rule, component) == name


def test_names_that_a_cloud_would_take_for_one_stay_two(recorder: Recorder) -> None:
    assert physical_name(WORKER_SCRIPT, "Api") != physical_name(WORKER_SCRIPT, "api")
    assert physical_name(LAMBDA_FUNCTION, "a.b") != physical_name(LAMBDA_FUNCTION, "a-b")


def test_a_name_without_room_is_refused_with_every_length(recorder: Recorder) -> None:
    with pytest.raises(ArgumentError, match=r"a Lambda function takes 64 characters, 4 are left, 10 needed"):
        physical_name(LAMBDA_FUNCTION, "api", prefix="p" * 60)
