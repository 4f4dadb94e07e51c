"""How often Secrets Manager is asked, and what happens while it cannot answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import pytest

from app.ports import Secrets
from functions.clients import Clients
from functions.errors import ServiceError
from functions.secrets import PASSING, SecretsManagerSecrets
from tests.functions.service import Reply, Service

pytestmark = pytest.mark.anyio
ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:parallax-dev-api-webhookKeys-a1b2c3"


@dataclass
class Clock:
    now: float = 50.0

    def __call__(self) -> float:
        return self.now


def secret(value: str) -> Reply:
    return Reply({"ARN": ARN, "Name": "…", "VersionId": "…", "SecretString": value})


async def test_a_value_is_read_once_and_again_when_it_is_old(service: Service) -> None:
    clock = Clock()
    secrets: Secrets = SecretsManagerSecrets(Clients(), {"webhookKeys": ARN}, clock)
    service.replies = [secret("one"), secret("two")]
    assert [await secrets.read("webhookKeys") for _ in range(5)] == ["one"] * 5
    assert [request["body"] for request in service.requests] == [{"SecretId": ARN}]
    clock.now += 299
    assert await secrets.read("webhookKeys") == "one"
    clock.now += 1
    assert await secrets.read("webhookKeys") == "two"
    assert len(service.requests) == 2


async def test_reading_anew_reaches_the_cloud_once_in_ten_seconds(service: Service) -> None:
    clock = Clock()
    secrets = SecretsManagerSecrets(Clients(), {"webhookKeys": ARN}, clock)
    service.replies = [secret("one"), secret("two"), secret("three")]
    assert await secrets.read("webhookKeys") == "one"
    assert await secrets.reread("webhookKeys") == "one"
    clock.now += 10
    assert [await secrets.reread("webhookKeys") for _ in range(5)] == ["two"] * 5
    assert await secrets.read("webhookKeys") == "two"
    assert len(service.requests) == 2


async def test_a_known_value_outlives_what_passes(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    secrets = SecretsManagerSecrets(Clients(), {"webhookKeys": ARN}, clock)
    service.replies = [secret("one")]
    await secrets.read("webhookKeys")
    service.replies = [Reply.error("InternalServiceError", status=500)]
    clock.now += 300
    with caplog.at_level(logging.WARNING):
        assert [await secrets.read("webhookKeys") for _ in range(3)] == ["one"] * 3
    assert len(service.requests) == 3, "one call, tried twice"
    assert "InternalServiceError" in caplog.text
    assert "one" not in caplog.text.replace("known", "")
    service.replies = [secret("two")]
    clock.now += 10
    assert await secrets.read("webhookKeys") == "two"


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "DecryptionFailure"])
async def test_a_value_that_is_no_longer_ours_is_not_used(service: Service, code: str) -> None:
    clock = Clock()
    secrets = SecretsManagerSecrets(Clients(), {"webhookKeys": ARN}, clock)
    service.replies = [secret("one")]
    await secrets.read("webhookKeys")
    service.replies = [Reply.error(code)]
    clock.now += 300
    assert code not in PASSING
    with pytest.raises(ServiceError, match=code):
        await secrets.read("webhookKeys")


async def test_a_name_that_is_not_declared(service: Service) -> None:
    with pytest.raises(KeyError):
        await SecretsManagerSecrets(Clients(), {}).read("webhookKeys")


async def test_a_value_shows_nowhere(service: Service) -> None:
    secrets = SecretsManagerSecrets(Clients(), {"webhookKeys": ARN})
    service.replies = [secret("MARKER")]
    await secrets.read("webhookKeys")
    assert "MARKER" not in repr(secrets) + repr(vars(secrets))
