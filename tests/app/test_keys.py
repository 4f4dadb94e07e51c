import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidCursorError, InvalidKeyError
from app.keys import checked_key, cursor_after, key_before

KEYS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._~:@-]{0,127}", fullmatch=True)


@given(KEYS, st.integers(min_value=0, max_value=128))
def test_a_cursor_survives(key: str, length: int) -> None:
    assert key_before(cursor_after(key), key[:length]) == key
    assert set(cursor_after(key)).isdisjoint("+/=")


@given(st.text(max_size=200) | st.text(alphabet="YQabAZ09-_=+/ \n", max_size=12))
def test_any_text_is_a_cursor_of_ours_or_an_error_of_ours(cursor: str) -> None:
    try:
        key = key_before(cursor, "")
    except InvalidCursorError:
        return
    assert cursor_after(checked_key(key)) == cursor


@given(KEYS, st.data())
def test_a_cursor_with_one_other_character_is_another_keys_or_damaged(key: str, data: st.DataObject) -> None:
    cursor = cursor_after(key)
    place = data.draw(st.integers(0, len(cursor) - 1))
    damaged = cursor[:place] + data.draw(st.characters()) + cursor[place + 1 :]
    try:
        found = key_before(damaged, "")
    except InvalidCursorError:
        return
    assert (found == key) == (damaged == cursor)


def test_a_line_break_at_the_end_is_part_of_no_key() -> None:
    with pytest.raises(InvalidKeyError):
        checked_key("a\n")
