from typing import Any

import pytest
from cloudflare import APIStatusError

pytestmark = pytest.mark.anyio

ACCOUNT = "00000000000000000000000000000001"
METADATA = {"main_module": "m.py", "compatibility_date": "2026-05-01", "compatibility_flags": ["python_workers"]}


async def zone_with_script(api: Any) -> str:
    files = [("m.py", b"", "text/x-python")]
    await api.client.workers.scripts.update("hello", account_id=ACCOUNT, metadata=METADATA, files=files)
    zone = await api.client.zones.create(account={"id": ACCOUNT}, name="acme.example")
    return str(zone.id)


async def code(call: Any) -> tuple[int, int | None]:
    with pytest.raises(APIStatusError) as refused:
        await call
    return refused.value.status_code, refused.value.errors[0].code


async def test_zones(api: Any) -> None:
    zone_id = await zone_with_script(api)
    zones = api.client.zones
    assert (await zones.get(zone_id=zone_id)).status == "active"
    assert [found.name async for found in zones.list(name="acme.example")] == ["acme.example"]
    assert [found.name async for found in zones.list(name="other.example")] == []
    assert await code(zones.create(account={"id": ACCOUNT}, name="acme.example")) == (400, 1061)
    assert await code(zones.create(account={"id": ACCOUNT}, name="not a name")) == (400, 1049)
    assert await code(zones.get(zone_id="0" * 32)) == (404, 7003)


async def test_routes(api: Any) -> None:
    zone_id = await zone_with_script(api)
    routes = api.client.workers.routes
    made = await routes.create(zone_id=zone_id, pattern="api.acme.example/*", script="hello")
    assert api.host.routes == [{"pattern": "api.acme.example/*", "script": "hello"}]
    assert (await routes.get(made.id, zone_id=zone_id)).pattern == "api.acme.example/*"

    await routes.update(made.id, zone_id=zone_id, pattern="*.acme.example/v1/*", script="hello")
    off = await routes.create(zone_id=zone_id, pattern="acme.example/off")
    assert off.script is None
    assert [found.pattern async for found in routes.list(zone_id=zone_id)] == [
        "*.acme.example/v1/*",
        "acme.example/off",
    ]

    await routes.delete(off.id, zone_id=zone_id)
    assert await code(routes.get(off.id, zone_id=zone_id)) == (404, 10009)
    assert len(api.host.routes) == 1


async def test_routes_that_are_refused(api: Any) -> None:
    zone_id = await zone_with_script(api)
    routes = api.client.workers.routes
    await routes.create(zone_id=zone_id, pattern="acme.example/*", script="hello")
    assert await code(routes.create(zone_id=zone_id, pattern="acme.example/*", script="hello")) == (409, 10020)
    assert await code(routes.create(zone_id=zone_id, pattern="acme.example/a", script="missing")) == (400, 10019)
    for pattern in ("other.example/*", "notacme.example/*", "acme.example/*/a", "acme.example/?a=1"):
        assert await code(routes.create(zone_id=zone_id, pattern=pattern, script="hello")) == (400, 10022)


async def test_a_deleted_script_takes_its_routes_along(api: Any) -> None:
    zone_id = await zone_with_script(api)
    await api.client.workers.routes.create(zone_id=zone_id, pattern="acme.example/*", script="hello")
    await api.client.workers.scripts.delete("hello", account_id=ACCOUNT)
    assert api.host.routes == []


async def test_a_deleted_zone_takes_its_routes_along(api: Any) -> None:
    zone_id = await zone_with_script(api)
    await api.client.workers.routes.create(zone_id=zone_id, pattern="acme.example/*", script="hello")
    assert (await api.client.zones.delete(zone_id=zone_id)).id == zone_id
    assert api.host.routes == []
