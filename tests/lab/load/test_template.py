"""Requests as they are sent: filled in, and signed so that a receiver takes each for a new one."""

import base64
import time

import pytest

from lab.errors import InvalidScenarioError
from lab.load import signature
from lab.load.address import Address
from lab.load.template import KEYS, Template
from lab.scenario import Endpoint, Signature

ADDRESS = Address.of("https://api.example.com/v1")
SIGNATURE = Signature(key_variable="LAB_TEST_KEY")
# The example of https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
KEY = "whsec_plJ3nmyCDGBKInavdOK15jsl"
BODY = b'{"event_type":"ping","data":{"success":true}}'
IDENTITY, MOMENT = "msg_loFOjxBNrRLzqYUf", 1731705121
SIGNED = "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


def _template(**changes: object) -> Template:
    fields: dict[str, object] = {"name": "e", "method": "POST", "path": "/a/{run}-{n}", "body": '{"n": {n}}'}
    return Template(endpoint=Endpoint(**{**fields, **changes}), address=ADDRESS, run="abc")  # type: ignore[arg-type]


def test_numbers_and_the_runs_word_are_filled_in_and_the_length_is_that_of_the_bytes() -> None:
    head, _, body = _template(body='{"é": {n}}').bytes(KEYS + 7).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /v1/a/abc-7 HTTP/1.1"
    assert body == '{"é": 7}'.encode()
    assert "host: api.example.com" in lines
    assert f"content-length: {len(body)}" in lines


def test_headers_of_the_scenario_come_before_the_labs_own() -> None:
    lines = _template(headers={"user-agent": "mine", "host": "other"}).bytes(0).decode().split("\r\n")
    assert [line for line in lines if line.startswith(("user-agent", "host"))] == ["host: other", "user-agent: mine"]


def test_a_signature_is_as_the_specification_computes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_TEST_KEY", KEY)
    monkeypatch.setattr(time, "time", lambda: float(MOMENT))
    headers = signature.signed(SIGNATURE, IDENTITY, BODY)
    assert headers == {"webhook-id": IDENTITY, "webhook-timestamp": str(MOMENT), "webhook-signature": SIGNED}


def test_no_two_signed_requests_are_the_same_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_TEST_KEY", KEY)
    template = _template(signature=SIGNATURE)
    heads = [template.bytes(0).decode().split("\r\n") for _ in range(50)]
    assert len({line for head in heads for line in head if line.startswith("webhook-id")}) == 50


@pytest.mark.parametrize("key", ["", "whsec_", "whsec_?", base64.b64encode(b"a secret").decode()])
def test_a_key_that_is_none_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("LAB_TEST_KEY", key)
    with pytest.raises(InvalidScenarioError, match="LAB_TEST_KEY") as raised:
        signature.key_of(SIGNATURE)
    assert not key or key == "whsec_" or key not in str(raised.value)
