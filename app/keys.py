"""Keys of items, and cursors, which are keys too."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from app.errors import InvalidCursorError, InvalidKeyError, InvalidQueryError

# What needs no percent-encoding in a path and is no dot segment, which URL parsers take away.
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:@-]{0,127}")
_RULE = "1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -, the first of them a letter or digit"


def checked_key(text: str) -> str:
    """``text``, where it may be a key.

    :raises InvalidKeyError: where it may not.
    """
    if _KEY.fullmatch(text) is None:
        raise InvalidKeyError(f"A key is {_RULE}.")
    return text


def checked_prefix(text: str) -> str:
    """``text``, where a key may start with it; every key starts with the empty one.

    :raises InvalidQueryError: where none may.
    """
    if text and _KEY.fullmatch(text) is None:
        raise InvalidQueryError(f"prefix is not the beginning of a key, which is {_RULE}.")
    return text


def cursor_after(key: str) -> str:
    """The cursor of the page that follows ``key``: base64url without padding, opaque to clients."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_before(cursor: str, prefix: str) -> str:
    """The key that a page follows.

    :raises InvalidCursorError: for anything that ``cursor_after`` has not made of a key with this prefix.
    """
    try:
        key = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        key = ""
    # The decoder passes over foreign characters and idle bits; only what comes out the same again was ours.
    if _KEY.fullmatch(key) is None or not key.startswith(prefix) or cursor_after(key) != cursor:
        raise InvalidCursorError("The cursor is damaged, or belongs to a list with another prefix.")
    return key
