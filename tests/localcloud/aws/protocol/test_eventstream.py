"""The binary framing, with botocore's own parser as the judge."""

from itertools import pairwise

import pytest
from botocore.eventstream import ChecksumMismatch, EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from localcloud.aws.protocol.eventstream import encode

names = st.text(min_size=1, max_size=60).filter(lambda name: len(name.encode()) < 256)
headers = st.dictionaries(names, st.text(max_size=300), max_size=6)
messages = st.lists(st.tuples(headers, st.binary(max_size=2000)), min_size=1, max_size=5)


@given(messages, st.lists(st.integers(0, 20_000), max_size=8))
def test_any_messages_are_read_again_however_they_are_cut(
    sent: list[tuple[dict[str, str], bytes]], cuts: list[int]
) -> None:
    data = b"".join(encode(*message) for message in sent)
    buffer, seen = EventStreamBuffer(), []
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in pairwise(places):
        buffer.add_data(data[start:end])
        seen += [(message.headers, message.payload) for message in buffer]
    assert seen == sent


@given(headers, st.binary(max_size=200), st.integers(0, 100_000), st.integers(1, 255))
def test_one_wrong_byte_is_found(head: dict[str, str], payload: bytes, place: int, change: int) -> None:
    data = bytearray(encode(head, payload))
    place = 8 + place % (len(data) - 8)  # past the lengths, which would ask for more
    data[place] ^= change
    buffer = EventStreamBuffer()
    buffer.add_data(bytes(data))
    with pytest.raises(ChecksumMismatch):
        list(buffer)
