"""Rotation, and what may be seen of a secret; the answers are the contract suite's."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from app.api import app
from app.memory import MemoryPorts, MemorySecrets
from tests.webhook_sender import signed, whsec

pytestmark = pytest.mark.anyio

OLD, NEW = b"the key before the rotation", b"the key after the rotation!"


@pytest.fixture
def ports() -> MemoryPorts:
    return MemoryPorts(secrets=MemorySecrets({"webhookKeys": whsec(OLD)}))


def client_of(ports: MemoryPorts) -> httpx.AsyncClient:
    async def server(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "parallax": ports}, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(app=server), base_url="http://memory")


@pytest.fixture
async def client(ports: MemoryPorts) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(ports) as client:
        yield client


async def test_a_rotated_key_is_met_without_a_new_deployment(client: httpx.AsyncClient, ports: MemoryPorts) -> None:
    async def status(key: bytes, identity: str) -> int:
        return (await client.post("/webhooks/shop", content=b"1", headers=signed(key, identity, b"1"))).status_code

    assert await status(OLD, "1") == 200
    assert ports.secrets.reads == ["webhookKeys"]
    ports.secrets.values["webhookKeys"] = f"{whsec(NEW)} {whsec(OLD)}"
    assert [await status(OLD, "2"), len(ports.secrets.reads)] == [200, 1]
    assert [await status(NEW, "3"), len(ports.secrets.reads)] == [200, 2]
    ports.secrets.values["webhookKeys"] = whsec(NEW)
    assert [await status(NEW, "4"), len(ports.secrets.reads)] == [200, 2]
    assert [await status(b"nobody's", "5"), len(ports.secrets.reads)] == [401, 3]
    assert await status(OLD, "6") == 401


async def test_who_is_out_of_time_makes_nobody_read_secrets(client: httpx.AsyncClient, ports: MemoryPorts) -> None:
    answer = await client.post("/webhooks/shop", content=b"1", headers=signed(NEW, "1", b"1", age=400))
    assert (answer.status_code, ports.secrets.reads) == (401, [])


async def test_one_message_is_one_item(client: httpx.AsyncClient, ports: MemoryPorts) -> None:
    headers = signed(OLD, "msg_1", b"1")
    answers = [await client.post("/webhooks/shop", content=b"1", headers=headers) for _ in range(3)]
    (item,) = ports.state.items.values()
    assert (item.key, item.value) == ("shop:msg_1", answers[0].text)
    assert item.expires_at == answers[0].json()["received_at"] + 24 * 3600


VALUES = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30).map(str.strip)


@given(VALUES, VALUES, VALUES, st.binary(max_size=60), st.text(alphabet="ab-_.:%20", min_size=1, max_size=9))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_400_or_401_and_touch_nothing(
    identity: str, timestamp: str, signatures: str, body: bytes, source: str
) -> None:
    ports = MemoryPorts(secrets=MemorySecrets({"webhookKeys": whsec(OLD)}))
    headers = {"webhook-id": identity, "webhook-timestamp": timestamp, "webhook-signature": signatures}

    async def post() -> httpx.Response:
        async with client_of(ports) as client:
            return await client.post(f"/webhooks/x{source}", content=body, headers=headers)

    assert asyncio.run(post()).status_code in {400, 401}
    assert ports.state.items == {}
