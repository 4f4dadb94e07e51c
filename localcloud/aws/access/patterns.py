"""Wildcards and variables in policies.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERAL = {"*": "\ue000", "?": "\ue001", "$": "$"}  # `${*}` is a star that is no wildcard
_BACK = str.maketrans({"\ue000": "*", "\ue001": "?"})


def matches(pattern: str, text: str) -> bool:
    """Whether `*` (any number of characters) and `?` (one) make the pattern fit."""
    return _compiled(pattern).fullmatch(text) is not None


def has_variable(pattern: str) -> bool:
    """Whether the pattern means something else for each call."""
    return "${" in pattern


def resolved(pattern: str, keys: Mapping[str, str | Sequence[str]]) -> str | None:
    """The pattern with its variables filled in; None where one has no single value, so that nothing can fit."""
    if not has_variable(pattern):
        return pattern
    missing = False

    def fill(found: re.Match[str]) -> str:
        nonlocal missing
        name, _, default = found[1].partition(",")
        if name in _LITERAL:
            return _LITERAL[name]
        value = keys.get(name.strip().lower())
        if isinstance(value, str):
            return value.replace("*", _LITERAL["*"]).replace("?", _LITERAL["?"])
        missing = missing or not default
        return default.strip().strip("'")

    text = _VARIABLE.sub(fill, pattern)
    return None if missing else text


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"([*?])", pattern)
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(part) or re.escape(part.translate(_BACK)) for part in parts), re.DOTALL)
