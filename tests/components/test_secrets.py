"""Both clouds' Secrets: values are encrypted wherever the engine keeps them, and wrong ones are refused unseen."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
from google.protobuf import json_format

from components import aws, cloudflare
from components.errors import ArgumentError
from components.secret_value import SecretValue
from tests.components.conftest import Recorder
from tests.components.test_http_api import CLOUDFLARE, FUNCTION, _outputs, _run

MARKED = {"webhookKeys": SecretValue("whsec_MARKER")}
# How a secret is written on the wire: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
_SIGNATURE, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


def _plain(value: Any) -> Iterator[str]:
    """Every text that is not inside of a secret."""
    if isinstance(value, dict):
        if value.get(_SIGNATURE) != _SECRET:
            for each in value.values():
                yield from _plain(each)
    elif isinstance(value, list):
        for each in value:
            yield from _plain(each)
    else:
        yield str(value)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was registered, as it would go to the engine."""
    requests: list[Any] = []
    for name in ("RegisterResource", "RegisterResourceOutputs"):
        original = getattr(pulumi.runtime.mocks.MockMonitor, name)

        def spy(self: Any, request: Any, original: Any = original) -> Any:
            requests.append(json_format.MessageToDict(request))
            return original(self, request)

        monkeypatch.setattr(pulumi.runtime.mocks.MockMonitor, name, spy)
    return requests


def test_values_leave_the_program_as_secrets_only(recorder: Recorder, sent: list[Any]) -> None:
    def body() -> dict[str, object]:
        secrets = aws.Secrets("api-secrets", aws.SecretsArgs(values=MARKED))
        aws.Function("api", dataclasses.replace(FUNCTION, grants=(secrets.grant,)))
        bound = cloudflare.Secrets(values=MARKED).grant
        api = cloudflare.HttpApi("api", dataclasses.replace(CLOUDFLARE, grants=(bound,)))
        return {"url": api.url, **_outputs(secrets)}

    outputs = _run(body)
    assert "MARKER" not in str(outputs)
    assert sum("MARKER" in str(request) for request in sent) >= 2, "both clouds got it"
    for request in sent:
        assert not [text for text in _plain(request) if "MARKER" in text]


def test_secrets_lie_under_a_key_of_their_own(recorder: Recorder) -> None:
    args = aws.SecretsArgs(values=MARKED, recovery_days=30, tags={"Stack": "dev"})
    _run(lambda: _outputs(aws.Secrets("api-secrets", args)))
    key = recorder.one("aws:kms/key:Key")
    assert (key["enableKeyRotation"], key["deletionWindowInDays"]) == (True, 30)
    assert recorder.one("aws:kms/alias:Alias")["name"] == "alias/parallax-dev-api-secrets"
    secret = recorder.one("aws:secretsmanager/secret:Secret")
    assert secret["name"] == "parallax-dev-api-secrets/webhookKeys"
    assert (secret["recoveryWindowInDays"], secret["tags"]) == (30, {"Stack": "dev"})
    assert secret["kmsKeyId"].startswith("arn:aws:kms:")


def test_without_a_recovery_the_key_still_waits_as_long_as_it_must(recorder: Recorder) -> None:
    _run(lambda: _outputs(aws.Secrets("api-secrets", aws.SecretsArgs(values=MARKED))))
    assert recorder.one("aws:kms/key:Key")["deletionWindowInDays"] == 7
    assert recorder.one("aws:secretsmanager/secret:Secret")["recoveryWindowInDays"] == 0


def test_wrong_values_are_refused_unseen() -> None:
    with pytest.raises(ArgumentError, match="recovery_days is 3; valid: 0, or 7 to 30"):
        aws.SecretsArgs(values=MARKED, recovery_days=3)
    with pytest.raises(ArgumentError, match="values is empty"):
        aws.SecretsArgs(values={})
    with pytest.raises(ArgumentError, match="5120") as caught:
        cloudflare.Secrets(values={"long": SecretValue("MARKER" * 1000)})
    assert "MARKER" not in str(caught.value)
    with pytest.raises(ArgumentError, match="no name for a binding"):
        cloudflare.Secrets(values={"webhook-keys": SecretValue("MARKER")})
