"""Values survive the way to the engine and back, whatever is nested in what."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from localcloud.providers.protocol.marks import conceal, has_secret, has_unknown, reveal
from localcloud.providers.protocol.messages import pack, unpack
from localcloud.providers.protocol.values import UNKNOWN, Archive, Asset, OutputValue, ResourceReference, Secret

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
_ASSETS = st.builds(Asset, hash=st.text(), text=st.none() | st.text())
_LEAVES = (
    _SCALARS
    | st.just(UNKNOWN)
    | _ASSETS
    | st.builds(Archive, hash=st.text(), path=st.none() | st.text())
    | st.builds(Archive, assets=st.dictionaries(st.text(), _ASSETS, max_size=3))
    | st.builds(ResourceReference, urn=st.text(), id=st.none() | st.text() | st.just(UNKNOWN))
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        | st.builds(Secret, inner)
        | st.builds(OutputValue, inner, st.booleans(), st.lists(st.text(), max_size=2).map(tuple))
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=5), _VALUES, max_size=4))
def test_any_value_survives(values: dict[str, Any]) -> None:
    assert unpack(pack(values)) == values


@given(st.dictionaries(st.text(max_size=5), st.recursive(_SCALARS, lambda i: st.lists(i) | i.map(Secret)), max_size=4))
def test_secrets_are_put_back_where_they_were(values: dict[str, Any]) -> None:
    plain = reveal(values)
    assert not has_secret(plain)
    assert reveal(conceal(plain, values)) == plain
    assert has_secret(conceal(plain, values)) == has_secret(values)


def test_whole_numbers_come_back_as_integers() -> None:
    back = unpack(pack({"timeout": 30, "rate": 0.5}))
    assert [type(back["timeout"]), type(back["rate"])] == [int, float]


def test_unknowns_are_found_inside_secrets() -> None:
    assert has_unknown({"a": [Secret({"b": UNKNOWN})]})


def test_a_secret_does_not_show_itself() -> None:
    assert "hush" not in repr(Secret("hush"))
