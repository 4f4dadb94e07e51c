"""The stand-in Cloudflare provider, message by message, against the local v4 API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import grpc
import pytest

from localcloud.cloudflare.accounts import urls as account_urls
from localcloud.cloudflare.service import V4Api
from localcloud.cloudflare.workers import urls as worker_urls
from localcloud.cloudflare.workers.responses import ScriptResponses
from localcloud.cloudflare.workers.secrets import Secrets
from localcloud.guard import Guard
from localcloud.http import Request, Response, serve
from localcloud.providers.cloudflare.package import CLOUDFLARE
from localcloud.providers.protocol import wire
from localcloud.providers.protocol.messages import pack, unpack
from localcloud.providers.protocol.servicer import Provider
from localcloud.providers.protocol.values import UNKNOWN, Secret
from tests.localcloud.cloudflare.conftest import DATABASE, Data, MemoryHost

ACCOUNT = "00000000000000000000000000000001"
SCRIPT = "cloudflare:index/workersScript:WorkersScript"
SUBDOMAIN = "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain"
CONTENT = "from workers import WorkerEntrypoint"
INPUTS: dict[str, Any] = {
    "accountId": ACCOUNT,
    "scriptName": "hello",
    "mainModule": "entry.py",
    "content": CONTENT,
    "contentType": "text/x-python",
    "compatibilityDate": "2026-09-01",
    "compatibilityFlags": ["python_workers"],
    "bindings": [{"type": "plain_text", "name": "GREETING", "text": Secret("hush")}],
    "files": {"app/api.py": {"contentType": "text/x-python", "contentBase64": "eD0x"}},
}
messages = wire.provider


class Refused(Exception):  # noqa: N818 (what the engine would see)
    """The handler answered with an error."""


class Context:
    """Of gRPC's context, what handlers use."""

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise Refused(details)


class Engine:
    """Calls the provider as the engine does, for one resource type."""

    def __init__(self, port: int, kind: str) -> None:
        self.provider = Provider(CLOUDFLARE)
        self.id = "hello"
        self.urn = f"urn:pulumi:dev::shop::{kind}::it"
        config = {"baseUrl": f"http://127.0.0.1:{port}/client/v4", "apiToken": Secret("token")}
        self.send("Configure", messages.ConfigureRequest(args=pack(config)))

    def send(self, method: str, request: Any) -> Any:
        return getattr(self.provider, method)(request, Context())

    def check(self, news: dict[str, Any], olds: dict[str, Any] | None = None) -> dict[str, Any]:
        request = messages.CheckRequest(urn=self.urn, news=pack(news), olds=pack(olds or {}))
        answer = self.send("Check", request)
        assert not answer.failures, answer.failures
        return unpack(answer.inputs)

    def create(self, inputs: dict[str, Any], *, preview: bool = False) -> tuple[str, dict[str, Any]]:
        request = messages.CreateRequest(urn=self.urn, properties=pack(inputs), preview=preview)
        answer = self.send("Create", request)
        self.id = answer.id or self.id
        return answer.id, unpack(answer.properties)

    def diff(self, olds: dict[str, Any], news: dict[str, Any]) -> Any:
        olds_, news_ = pack(olds), pack(news)
        return self.send(
            "Diff", messages.DiffRequest(id=self.id, urn=self.urn, old_inputs=olds_, olds=olds_, news=news_)
        )

    def update(self, olds: dict[str, Any], outs: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        request = messages.UpdateRequest(
            id=self.id, urn=self.urn, old_inputs=pack(olds), olds=pack(outs), news=pack(news), preview=False
        )
        return unpack(self.send("Update", request).properties)

    def read(self, key: str, inputs: dict[str, Any], outs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        request = messages.ReadRequest(id=key, urn=self.urn, inputs=pack(inputs), properties=pack(outs))
        answer = self.send("Read", request)
        return answer.id, unpack(answer.inputs)

    def delete(self, outs: dict[str, Any]) -> None:
        self.send("Delete", messages.DeleteRequest(id=self.id, urn=self.urn, properties=pack(outs)))


@pytest.fixture
async def cloud(tmp_path: Path) -> AsyncIterator[tuple[int, MemoryHost]]:
    with ExitStack() as stack:
        host = MemoryHost()
        scripts, _ = Data(tmp_path, stack).open(host)
        handlers: list[V4Api] = []

        async def handle(request: Request) -> Response:
            return await handlers[0](request)

        server = await serve(handle)
        routes = (*account_urls.routes(), *worker_urls.routes(ScriptResponses(scripts, Secrets(scripts))))
        handlers.append(V4Api(routes, Guard(server.port)))
        yield server.port, host
        await server.close(0)


@pytest.mark.anyio
async def test_a_script_s_whole_life(cloud: tuple[int, MemoryHost]) -> None:
    port, host = cloud
    await asyncio.to_thread(_life_of_a_script, port, host)


def _life_of_a_script(port: int, host: MemoryHost) -> None:
    engine = Engine(port, SCRIPT)
    inputs = engine.check(INPUTS)
    key, foreseen = engine.create(inputs, preview=True)
    assert (key, foreseen["etag"], foreseen["scriptName"]) == ("", UNKNOWN, "hello")
    assert not host.scripts, "a preview does nothing"

    key, outs = engine.create(inputs)
    assert key == "hello"
    assert host.sources["hello"] == CONTENT.encode()
    assert outs["bindings"][0]["text"] == Secret("hush"), "a secret stays one in state"
    assert outs["handlers"] == ["fetch"]

    assert engine.read("hello", inputs, outs) == ("hello", inputs), "no drift"
    assert engine.diff(inputs, engine.check(INPUTS, inputs)).changes == 1

    news = engine.check({**INPUTS, "content": CONTENT + "\n"}, inputs)
    diff = engine.diff(inputs, news)
    assert (diff.changes, list(diff.diffs), list(diff.replaces)) == (2, ["content"], [])
    changed = engine.update(inputs, outs, news)
    assert host.sources["hello"].endswith(b"\n")
    assert changed["etag"] != outs["etag"]

    _, drifted = engine.read("hello", inputs, outs)
    assert drifted["content"] == CONTENT + "\n", "code changed behind the back is drift"
    replacing = engine.diff(news, engine.check({**INPUTS, "scriptName": "other"}, news))
    assert list(replacing.replaces) == ["scriptName"]
    assert replacing.deleteBeforeReplace

    key, found = engine.read(f"{ACCOUNT}/hello", {}, {})
    assert (key, found["content"], found["compatibilityDate"]) == ("hello", CONTENT + "\n", "2026-09-01")

    engine.delete(changed)
    engine.delete(changed)
    assert not host.scripts
    assert engine.read("hello", news, changed)[0] == "", "gone"


@pytest.mark.anyio
async def test_secrets_of_a_script(cloud: tuple[int, MemoryHost]) -> None:
    await asyncio.to_thread(_secrets_of_a_script, *cloud)


def _secrets_of_a_script(port: int, host: MemoryHost) -> None:
    def inputs(**texts: str) -> dict[str, Any]:
        bindings = [{"type": "secret_text", "name": name, "text": text} for name, text in texts.items()]
        database = {"type": "d1", "name": "STATE", "databaseId": DATABASE}
        return {**INPUTS, "bindings": [*bindings, database]}

    def bound() -> dict[str, str]:
        return {b["name"]: b.get("text", "") for b in host.scripts["hello"].bindings if b["name"] != "STATE"}

    engine = Engine(port, SCRIPT)
    first = engine.check(inputs(KEY="one", OTHER="two"))
    assert first["bindings"][0]["text"] == Secret("one"), "secret in state, though the program forgot to say so"
    _, outs = engine.create(first)
    assert outs["bindings"][0]["text"] == Secret("one")
    assert bound() == {"KEY": "one", "OTHER": "two"}
    assert host.scripts["hello"].bindings[2]["id"] == DATABASE
    assert engine.read("hello", first, outs) == ("hello", first), "what is never told is no drift"

    second = engine.check(inputs(KEY="changed", OTHER="two"), first)
    assert list(engine.diff(first, second).detailedDiff) == ["bindings[0].text"]
    outs = engine.update(first, outs, second)
    assert bound() == {"KEY": "changed", "OTHER": "two"}
    third = engine.check(inputs(), second)
    engine.update(second, outs, third)
    assert bound() == {}, "an upload without secrets keeps them: they are deleted one by one"


@pytest.mark.anyio
async def test_the_service_s_own_code_is_told(cloud: tuple[int, MemoryHost]) -> None:
    port, host = cloud
    host.refuses = "Uncaught SyntaxError"
    engine = Engine(port, SCRIPT)
    with pytest.raises(Refused, match=r"PUT .*/scripts/hello: 10021: .*Uncaught SyntaxError"):
        await asyncio.to_thread(lambda: engine.create(engine.check(INPUTS)))


@pytest.mark.anyio
async def test_a_subdomain_follows_its_script(cloud: tuple[int, MemoryHost]) -> None:
    port, host = cloud
    await asyncio.to_thread(_subdomain, port, host)


def _subdomain(port: int, host: MemoryHost) -> None:
    script, engine = Engine(port, SCRIPT), Engine(port, SUBDOMAIN)
    script.create(script.check(INPUTS))
    inputs = engine.check({"accountId": ACCOUNT, "scriptName": "hello", "enabled": True})
    _, outs = engine.create(inputs)
    assert host.subdomain == {"hello": True}
    assert engine.read("hello", inputs, outs) == ("hello", inputs)
    engine.update(inputs, outs, {**inputs, "enabled": False})
    assert not host.subdomain.get("hello")
    engine.delete(outs)


def test_a_missing_endpoint_names_the_way_out() -> None:
    with pytest.raises(Refused, match="never calls the real cloud"):
        Provider(CLOUDFLARE).Configure(messages.ConfigureRequest(args=pack({"apiToken": "t"})), Context())


def test_unconfigured_plugins_answer_about_configuration() -> None:
    provider = Provider(CLOUDFLARE)
    config = pack({"baseUrl": "https://api.cloudflare.com/client/v4", "apiToken": "t"})
    found = provider.CheckConfig(messages.CheckRequest(news=config), Context()).failures
    assert "not on this machine" in found[0].reason
    assert provider.DiffConfig(messages.DiffRequest(news=config, olds=config), Context()).changes == 1
    assert "workersScript" in provider.GetSchema(messages.GetSchemaRequest(), Context()).schema
