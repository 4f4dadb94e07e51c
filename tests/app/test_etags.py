import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from app.errors import InvalidPreconditionError, PreconditionFailedError
from app.etags import MAX_TAGS, WriteCondition, etag, new_version, read_outcome, write_condition

VERSIONS = st.from_regex("[0-9a-f]{16}", fullmatch=True)
OPAQUE = st.text(alphabet=[chr(code) for code in (0x21, *range(0x23, 0x7F), 0x80, 0xFF)], max_size=8)
SEPARATORS = st.sampled_from([",", ", ", " ,\t", ",,", ", ,"])


def headers(**values: str | list[str]) -> Headers:
    return Headers(
        raw=[
            (name.replace("_", "-").encode(), line.encode("latin-1"))
            for name, lines in values.items()
            for line in ([lines] if isinstance(lines, str) else lines)
        ]
    )


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=60) | st.text(alphabet='*W/",ab \t', max_size=30))
def test_any_header_is_a_condition_or_an_error_of_ours(value: str) -> None:
    for name in ("if_match", "if_none_match"):
        try:
            condition = write_condition(headers(**{name: value}))
        except (InvalidPreconditionError, PreconditionFailedError):
            pass
        else:
            assert (condition.kind == "absent") == (name == "if_none_match")
        try:
            assert read_outcome(headers(**{name: value}), "0" * 16) in {"send", "not_modified", "failed"}
        except InvalidPreconditionError:
            assert value.strip() != "*"


@given(st.lists(VERSIONS | OPAQUE, min_size=1, max_size=MAX_TAGS), SEPARATORS, st.booleans())
def test_every_listed_version_is_found(tags: list[str], separator: str, several: bool) -> None:
    quoted = [f'"{tag}"' for tag in tags]
    sent = headers(if_match=quoted if several else separator.join(quoted))
    versions = {tag for tag in tags if re.fullmatch("[0-9a-f]{16}", tag)}
    try:
        condition = write_condition(sent)
    except PreconditionFailedError:
        assert not versions
    else:
        assert (condition.kind, set(condition.versions)) == ("versions", versions)
        assert len(condition.versions) == len(versions)
    for version in versions:
        assert read_outcome(sent, version) == "send"
        weak = headers(if_none_match=separator.join(f"W/{tag}" for tag in quoted))
        assert read_outcome(weak, version) == "not_modified"


def test_a_long_malformed_header_takes_no_longer_than_its_length() -> None:
    # Quadratic, this would take minutes; the suite's own time limit is what fails then.
    for value in ('"a"' + " ," * 500_000 + "x", " " * 1_000_000 + "x", '"a",' * 300_000 + '"'):
        with pytest.raises(InvalidPreconditionError):
            write_condition(headers(if_match=value))


def test_versions_are_new_and_fit_their_tags() -> None:
    versions = {new_version() for _ in range(1000)}
    assert len(versions) == 1000
    version = versions.pop()
    assert write_condition(headers(if_match=etag(version))) == WriteCondition("versions", [version])
