"""Numbers: one form for each, in numerical order as bytes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.aws.dynamodb.decimals import canonical, minus, plus, sortable
from localcloud.aws.protocol import ServiceError

DIGITS = st.integers(-(10**38) + 1, 10**38 - 1)
NUMBERS = st.tuples(DIGITS, st.integers(-130, 87)).map(lambda pair: f"{pair[0]}E{pair[1]}")


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("1.0", "1"), ("1e3", "1000"), ("-0.00", "0"), ("00012", "12"), (".5", "0.5"), ("1.", "1"), ("+5", "5"),
        ("1.50", "1.5"), ("-1E-3", "-0.001"), ("0E999999999", "0"), ("1" + "0" * 100, "1" + "0" * 100),
    ],
)  # fmt: skip
def test_there_is_one_form_for_each(written: str, form: str) -> None:
    assert canonical(written) == form


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "0x1", "NaN", "Infinity", "1_0", "--1", "1e", "\u0661", "1e9999999999"]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ServiceError, match="numeric value"):
        canonical(text)


@given(NUMBERS)
def test_the_form_keeps_the_value_and_is_its_own(number: str) -> None:
    found = canonical(number)
    assert Decimal(found) == Decimal(number)
    assert canonical(found) == found
    assert "E" not in found


@given(NUMBERS, NUMBERS)
def test_bytes_sort_as_numbers_do(one: str, other: str) -> None:
    left, right = canonical(one), canonical(other)
    assert (sortable(left) < sortable(right)) == (Decimal(left) < Decimal(right))
    assert (sortable(left) == sortable(right)) == (Decimal(left) == Decimal(right))


@given(st.integers(-(10**36), 10**36), st.integers(-(10**36), 10**36))
def test_sums_are_exact(one: int, other: int) -> None:
    assert plus(str(one), str(other)) == str(one + other)
    assert minus(str(one), str(other)) == str(one - other)


def test_sums_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ServiceError, match="38 significant digits"):
        plus("1" * 38, "0.1")
    with pytest.raises(ServiceError, match="overflow"):
        plus("9E125", "9E125")
