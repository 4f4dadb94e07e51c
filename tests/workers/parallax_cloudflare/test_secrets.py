"""Secrets are the Worker's bindings of their names."""

from types import SimpleNamespace

import pytest
from parallax_cloudflare.secrets import BindingSecrets

from app.ports import Secrets

pytestmark = pytest.mark.anyio
ENV = SimpleNamespace(webhookKeys="MARKER", AI=object())


async def test_a_secret_is_read_by_its_name() -> None:
    secrets: Secrets = BindingSecrets(ENV)
    assert [await secrets.read("webhookKeys"), await secrets.reread("webhookKeys")] == ["MARKER", "MARKER"]


@pytest.mark.parametrize("name", ["absent", "AI"])
async def test_what_is_no_secret_is_not_given(name: str) -> None:
    with pytest.raises(KeyError):
        await BindingSecrets(ENV).read(name)
