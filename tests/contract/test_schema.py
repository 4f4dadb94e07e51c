"""The contract, held to by machine: requests generated from it, answers checked against it, engine against engine."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.conftest import engine_named, memory_engine
from tests.contract.engine import Engine
from tests.contract.generated import OPENAPI, OPERATIONS, SCHEMA, Case, documented, request_of

EXAMPLES = {"memory": 30, "aws": 6, "cloudflare": 6}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
# Elsewhere a request can be well formed and still be refused: another version, a signature of nobody.
ACCEPTS_ALL_THAT_IS_WELL_FORMED = {"GET /", "POST /echo", "GET /api/hello", "GET /healthz", "GET /ai", "POST /ai"}
SAYS_WHERE_IT_RUNS = {"GET /api/hello", "GET /healthz", "GET /ai", "POST /ai", "GET /items"}
# What servers and the clouds' front doors add.
TRANSPORT = {
    *("connection", "content-length", "content-type", "date", "keep-alive", "server", "transfer-encoding"),
    *("apigw-requestid",),
    *("alt-svc", "cf-cache-status", "cf-ray", "content-encoding", "nel", "report-to", "server-timing", "vary"),
}
LEAK = re.compile(r"Traceback|\.py\b|Error:|Exception|arn:aws|botocore|pyodide|D1_|/var/task|whsec_", re.IGNORECASE)

each_operation = pytest.mark.parametrize(
    ("label", "mode"), OPERATIONS, ids=[f"{label} {mode.value}" for label, mode in OPERATIONS]
)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """One loop for all requests of a test, so that its connections live on."""
    with asyncio.Runner() as runner:
        yield runner


@contextmanager
def opened(runner: asyncio.Runner, *engines: Engine) -> Iterator[list[httpx.AsyncClient]]:
    """A client of each engine, closed whatever happens."""
    clients = [engine.client() for engine in engines]
    try:
        yield clients
    finally:
        for client in clients:
            runner.run(client.aclose())


def cases(label: str, mode: GenerationMode) -> Any:
    method, _, path = label.partition(" ")
    return SCHEMA[path][method].as_strategy(generation_mode=mode)


def limits(engine: str) -> settings:
    return settings(max_examples=EXAMPLES[engine], deadline=None, suppress_health_check=list(HealthCheck))


def may_have(label: str, status: int) -> set[str]:
    """Names of the headers that the contract gives an answer."""
    answer = documented(label)[str(status)]
    if "$ref" in answer:
        answer = OPENAPI["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return {name.lower() for name in answer.get("headers", {})} | TRANSPORT


@each_operation
def test_answers_keep_the_contract(engine: Engine, runner: asyncio.Runner, label: str, mode: GenerationMode) -> None:
    checks = CHECKS + ([positive_data_acceptance] if label in ACCEPTS_ALL_THAT_IS_WELL_FORMED else [])

    @given(case=cases(label, mode))
    @limits(engine.name)
    def keeps_it(case: Case) -> None:
        answer = runner.run(client.send(request_of(case, engine.base_url)))
        case.validate_response(answer, checks=checks)
        assert str(answer.status_code) in documented(label), answer.text
        assert {name.lower() for name in answer.headers} <= may_have(label, answer.status_code)
        if answer.status_code >= 400:
            assert LEAK.search(answer.text) is None
            assert answer.json()["status"] == answer.status_code

    with opened(runner, engine) as (client,):
        keeps_it()


@pytest.mark.xdist_group("contract")
@pytest.mark.parametrize("name", ["aws", "cloudflare"])
@each_operation
def test_a_cloud_answers_as_memory_does(
    request: pytest.FixtureRequest, runner: asyncio.Runner, name: str, label: str, mode: GenerationMode
) -> None:
    engines = [memory_engine(), engine_named(name, request)]

    async def send(case: Case) -> list[httpx.Response]:
        both = zip(clients, engines, strict=True)
        return [await client.send(request_of(case, engine.base_url)) for client, engine in both]

    @given(case=cases(label, mode))
    @limits(name)
    def agrees(case: Case) -> None:
        if label.startswith(("GET /items/", "DELETE /items/")) and mode is GenerationMode.POSITIVE:
            return  # What is there, others have written: test_item_model.py has the two agree on that.
        memory, cloud = runner.run(send(case))
        assert cloud.status_code == memory.status_code
        if memory.content:  # an HTTP API gives a type to an answer without content, too
            assert cloud.headers.get("content-type") == memory.headers.get("content-type")
        if memory.status_code >= 400 or label not in SAYS_WHERE_IT_RUNS:
            assert cloud.content == memory.content

    with opened(runner, *engines) as clients:
        agrees()
