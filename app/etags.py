"""Entity tags and conditional requests (RFC 9110, sections 8.8.3 and 13).

An item's tag is the version that it was given when it was written, in quotes. A weak tag never matches in If-Match and
is refused there, with a word on why; If-None-Match of a read takes one, for a proxy on the way may have made it weak.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from starlette.datastructures import Headers

from app.errors import InvalidPreconditionError, PreconditionFailedError

MAX_TAGS = 16
"""The most tags of one header: each is an operand of the cloud's condition, and clouds bound those."""

_VERSION = re.compile("[0-9a-f]{16}")
_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_EVERY_TAG = re.compile(r'(W/)?"([^"]*)"')
# Empty elements of a list are allowed (section 5.6.1). A tag may hold commas, so splitting at them would not do.
_TAGS = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")


@dataclass(frozen=True, slots=True)
class WriteCondition:
    """The port ``Condition``."""

    kind: Literal["any", "absent", "present", "versions"]
    versions: Sequence[str] = ()


ANY = WriteCondition("any")
ABSENT = WriteCondition("absent")
PRESENT = WriteCondition("present")


def new_version() -> str:
    """A version that no other write has: 16 hexadecimal digits. Drawn in a request only; see ``InstanceHeaders``."""
    return os.urandom(8).hex()


def etag(version: str) -> str:
    """The strong entity tag of a version."""
    return f'"{version}"'


def write_condition(headers: Headers) -> WriteCondition:
    """What If-Match and If-None-Match ask of a write.

    :raises InvalidPreconditionError: where one is malformed, or asks what no write can.
    :raises PreconditionFailedError: where they ask what never holds.
    """
    match, none_match = _tags(headers, "If-Match"), _tags(headers, "If-None-Match")
    if none_match is not None and none_match != "*":
        raise InvalidPreconditionError("If-None-Match takes only * on a write; to name a version, use If-Match.")
    if match is None:
        return ANY if none_match is None else ABSENT
    versions = [] if match == "*" else _strong(match)
    if none_match == "*" or (match != "*" and not versions):
        raise PreconditionFailedError(FAILED)
    return PRESENT if match == "*" else WriteCondition("versions", versions)


def read_outcome(headers: Headers, version: str) -> Literal["send", "not_modified", "failed"]:
    """What becomes of a read of an item with this version.

    :raises InvalidPreconditionError: where a header is malformed.
    """
    match, none_match = _tags(headers, "If-Match"), _tags(headers, "If-None-Match")
    if match is not None and match != "*" and version not in _strong(match):
        return "failed"
    if none_match is not None and (none_match == "*" or any(tag == version for _, tag in none_match)):
        return "not_modified"
    return "send"


FAILED = "What If-Match or If-None-Match asks does not hold. Read the item and decide anew."


def _tags(headers: Headers, name: str) -> Literal["*"] | list[tuple[bool, str]] | None:
    """Whether each tag of a header is weak, and its opaque part; ``*`` as it is; None without the header."""
    lines = headers.getlist(name)
    if not lines:
        return None
    text = ", ".join(lines).strip(" \t")
    if text == "*":
        return "*"
    if _TAGS.fullmatch(text) is None:
        raise InvalidPreconditionError(f'{name} is neither * nor a list of entity tags such as "0123456789abcdef".')
    tags = [(bool(match[1]), match[2]) for match in _EVERY_TAG.finditer(text)]
    if len(tags) > MAX_TAGS:
        raise InvalidPreconditionError(f"{name} has more than {MAX_TAGS} entity tags.")
    return tags


def _strong(tags: list[tuple[bool, str]]) -> list[str]:
    """The versions among tags of If-Match, each once. A tag of no version of ours is of none that an item has."""
    if any(weak for weak, _ in tags):
        raise InvalidPreconditionError("If-Match has a weak entity tag, which never matches. Send it without W/.")
    return list(dict.fromkeys(tag for _, tag in tags if _VERSION.fullmatch(tag)))
