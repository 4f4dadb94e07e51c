import base64
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from app.errors import InvalidWebhookError
from app.signatures import keys_of, read_signed_headers
from tests.webhook_sender import signature, whsec

# Published with the specification: its reference library's test "sign function works",
# https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/webhook.test.ts
VECTOR_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
VECTOR_BODY = b'{"test": 2432232314}'

HEADER = st.text(alphabet=st.characters(max_codepoint=255), max_size=40) | st.text(alphabet="v1,=aA+/ .", max_size=20)
IDS = st.from_regex(r"[!-+\-/-~]{1,40}", fullmatch=True)


def test_the_published_vector() -> None:
    headers = read_signed_headers(Headers(VECTOR))
    assert headers.fit(VECTOR_BODY, keys_of("any", VECTOR_KEY))
    assert not headers.fit(VECTOR_BODY + b" ", keys_of("any", VECTOR_KEY))


@given(HEADER, HEADER, HEADER, st.binary(max_size=40))
def test_any_headers_are_refused_or_do_not_fit(identity: str, timestamp: str, signatures: str, body: bytes) -> None:
    sent = {"webhook-id": identity, "webhook-timestamp": timestamp, "webhook-signature": signatures}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
    try:
        headers = read_signed_headers(Headers(raw=raw))
    except InvalidWebhookError:
        return
    assert not headers.fit(body, keys_of("any", VECTOR_KEY))
    assert "." not in headers.id + headers.timestamp
    assert isinstance(headers.within_tolerance(0), bool)


@given(
    IDS, st.integers(0, 10**15 - 1), st.binary(max_size=100), st.lists(st.binary(min_size=24, max_size=64), max_size=3)
)
def test_what_one_of_the_keys_has_signed_fits(identity: str, timestamp: int, body: bytes, others: list[bytes]) -> None:
    key = b"the one that was signed with"
    sent = [signature(one, identity, timestamp, body) for one in (*others, key)]
    headers = read_signed_headers(
        Headers({"webhook-id": identity, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(sent)})
    )
    assert headers.fit(body, [key])
    assert headers.fit(body, [b"x" * 24, key])
    assert not headers.fit(body, [])
    assert not headers.fit(body, [b"x" * 24])
    assert not headers.fit(body + b"x", [key])


@pytest.mark.parametrize(("away", "within"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_the_tolerance_is_five_minutes_both_ways(away: int, within: bool) -> None:
    assert read_signed_headers(Headers(VECTOR)).within_tolerance(1614265330 + away) is within


def test_keys_of_all_and_of_one() -> None:
    all_, shop = b"a" * 24, b"s" * 64
    secret = f" {whsec(all_)}\n shop={whsec(shop)} "
    assert keys_of("shop", secret) == [all_, shop]
    assert keys_of("other", secret) == [all_]
    assert keys_of("whsec_", secret) == [all_]
    assert keys_of("shop", "") == []


@pytest.mark.parametrize(
    "entry",
    ["marker-of-a-secret", "whsec_", "whsec_!!!!", "shop=", "=", whsec(b"k" * 23), whsec(b"k" * 65), "whsec_YQ"],
)
def test_what_is_no_key_is_named_by_its_place_and_never_shown(entry: str, caplog: pytest.LogCaptureFixture) -> None:
    good = whsec(b"unlike-any-other-" + base64.b64encode(entry.encode()).ljust(40, b"-")[:40])
    with caplog.at_level(logging.ERROR):
        assert len(keys_of("shop", f"{good} {entry}")) == 1
        assert len(keys_of("shop", f"{good} {entry}")) == 1
    (record,) = caplog.records
    assert "Entry 2" in record.getMessage()
    assert entry == "=" or entry not in record.getMessage().replace("whsec_ with", "")
    assert good not in record.getMessage()


@given(st.text(max_size=60))
def test_any_secret_is_read(secret: str) -> None:
    assert all(24 <= len(key) <= 64 for key in keys_of("shop", secret))
