import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.cloudflare.multipart import MultipartError, Part, parse, render

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\\\0%"\r\n'), min_size=1, max_size=20)
PARTS = st.builds(Part, NAMES, st.none() | NAMES, st.sampled_from(["", "text/plain"]), st.binary(max_size=50))


@given(st.lists(PARTS, max_size=4))
def test_what_is_written_is_read(parts: list[Part]) -> None:
    body, content_type = render(parts)
    assert parse(body, content_type) == parts


def test_quoted_boundary_preamble_and_escapes() -> None:
    body = (
        b'preamble\r\n--b c\r\nContent-Disposition: form-data; name="a%22b"; filename="x/y.py"\r\n'
        b"Content-Type: text/x-python\r\n\r\n--b\r\n\r\n--b c--\r\n"
    )
    assert parse(body, 'multipart/form-data; boundary="b c"') == [Part('a"b', "x/y.py", "text/x-python", b"--b\r\n")]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nno name\r\n\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x\r\ncontent-disposition: form-data; name=a\r\n--x--", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"", "multipart/form-data"),
    ],
)
def test_malformed(body: bytes, content_type: str) -> None:
    with pytest.raises(MultipartError):
        parse(body, content_type)
