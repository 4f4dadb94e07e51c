import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidJsonError
from app.json_codec import MAX_DEPTH, parse_json, to_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**30), max_value=10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_json_survives(value: object) -> None:
    assert parse_json(to_json(value)) == value
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_an_error_of_ours(body: bytes) -> None:
    try:
        value = parse_json(body)
    except InvalidJsonError:
        return
    assert parse_json(to_json(value)) == value


@given(st.text(alphabet='[]{}":,\\u1d80 ', max_size=60))
def test_any_text_near_json_is_json_or_an_error_of_ours(text: str) -> None:
    try:
        value = parse_json(text.encode())
    except InvalidJsonError:
        return
    assert parse_json(to_json(value)) == value


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'"[",[', b'[{"a\\"":'])
def test_endless_nesting_is_an_error_and_no_crash(opening: bytes) -> None:
    with pytest.raises(InvalidJsonError):
        parse_json(opening * 100_000)


def test_brackets_in_strings_are_no_nesting() -> None:
    text = b'["' + b"[" * 10 * MAX_DEPTH + b'\\"' + b"{" * MAX_DEPTH + b'"]'
    assert to_json(parse_json(text)) == text


def test_a_long_unterminated_string_takes_no_longer_than_its_length() -> None:
    # Quadratic, this would take minutes; the suite's own time limit is what fails then.
    with pytest.raises(InvalidJsonError):
        parse_json(b"[" * (MAX_DEPTH + 1) + b'"' + b'\\"' * 400_000)
