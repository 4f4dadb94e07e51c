"""Whose a file is: patterns, and the first rule that fits."""

import pytest

from lab.lockin.knowledge import CapabilityName
from lab.lockin.layout import Place, Rule, fits, place

STATE = CapabilityName(name="state", title="state", words=("state", "items"))
RULES = (
    Rule(files=("aws/special.py",), belongs="aws", serves="http_api"),
    Rule(files=("*/{capability}.py", "{capability}/**"), belongs="aws"),
    Rule(files=("aws/**",), belongs="aws", serves="entry point"),
    Rule(files=("**/*.py",), belongs="shared"),
)


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("a.py", "*.py", True),
        ("a/b.py", "*.py", False),
        ("a/b.py", "**/*.py", True),
        ("b.py", "**/*.py", True),
        ("app/a/b.py", "app/**", True),
        ("application/a.py", "app/**", False),
        ("a/tests/b/c.py", "**/tests/**", True),
        ("a/b/c.py", "a/*/c.py", True),
        ("a/b/x/c.py", "a/*/c.py", False),
        ("axpy", "a.py", False),
    ],
)
def test_a_pattern_means_paths(path: str, pattern: str, expected: bool) -> None:
    assert fits(path, pattern) is expected


@pytest.mark.parametrize(
    ("path", "belongs", "serves"),
    [
        ("aws/special.py", "aws", "http_api"),
        ("aws/state.py", "aws", "state"),
        ("aws/items.py", "aws", "state"),
        ("state/deep/down.py", "aws", "state"),
        ("aws/deep/state.py", "aws", "entry point"),
        ("main.py", "shared", ""),
    ],
)
def test_the_first_rule_that_fits_holds(path: str, belongs: str, serves: str) -> None:
    assert place(path, RULES, [STATE]) == Place(belongs=belongs, serves=serves)


def test_what_no_rule_fits_has_no_place() -> None:
    assert place("readme.sql", RULES, [STATE]) is None
