"""Filter patterns: terms as CloudWatch Logs matches them in unstructured events (FilterAndPatternSyntax)."""

from __future__ import annotations

import re
from collections.abc import Callable

from localcloud.aws.protocol import ServiceError

_TERM = re.compile(r'\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))')


def compile_pattern(pattern: str | None) -> Callable[[str], bool]:
    """All plain and quoted terms, none with `-`, one of those with `?`. Other patterns are refused."""
    text = (pattern or "").strip()
    if text[:1] in ("{", "[", "%"):
        raise ServiceError(
            "InvalidParameterException",
            "The local cloud matches terms only (word, \"phrase\", ?any, -none), not { }, [ ] or % %.",
        )  # fmt: skip
    needed: list[str] = []
    unwanted: list[str] = []
    optional: list[str] = []
    position = 0
    while position < len(text):
        found = _TERM.match(text, position)
        if found is None:
            raise ServiceError("InvalidParameterException", "Invalid filter pattern")
        term = found[2].replace('\\"', '"') if found[2] is not None else found[3]
        {"": needed, "-": unwanted, "?": optional}[found[1]].append(term)
        position = found.end()
    if needed:
        optional = []  # as AWS does: beside plain terms, `?` has no effect

    def matches(message: str) -> bool:
        return (
            all(term in message for term in needed)
            and not any(term in message for term in unwanted)
            and (not optional or any(term in message for term in optional))
        )

    return matches
