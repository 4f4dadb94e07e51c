"""What the contract suite cannot see from outside; the API's answers are tested there."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from app.api import app
from app.instance import InstanceHeaders
from app.memory import MemoryPlatform, MemoryPorts
from app.ports import Ports
from app.problems import on_unexpected

pytestmark = pytest.mark.anyio


async def fails(_request: Request) -> None:
    raise RuntimeError("marker-of-a-secret")


async def test_an_unexpected_error_leaks_nothing_and_reaches_the_server() -> None:
    failing = InstanceHeaders(
        Starlette(routes=[Route("/", fails)], exception_handlers={Exception: on_unexpected}), MemoryPorts
    )
    quiet = httpx.ASGITransport(app=failing, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=quiet, base_url="http://memory") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["code"] == "internal_error"
    assert "marker-of-a-secret" not in answer.text
    assert answer.headers["x-instance-requests"] == "1"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=failing), base_url="http://memory") as client:
        with pytest.raises(RuntimeError, match="marker-of-a-secret"):
            await client.get("/")


async def test_the_servers_ports_count_before_those_in_memory() -> None:
    ports: Ports = MemoryPorts(MemoryPlatform(cloud="elsewhere", region="north"))

    async def server(scope: dict[str, object], receive: object, send: object) -> None:
        await app({**scope, "parallax": ports}, receive, send)  # type: ignore[arg-type]

    transport = httpx.ASGITransport(app=server)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://memory") as client:
        answer = await client.get("/api/hello")
    assert answer.content == b'{"region":"north","cloud":"elsewhere"}'


def test_importing_draws_no_randomness_reads_no_clock_and_stays_light() -> None:
    """What is drawn at import is the same in every copy of a snapshot.

    Not python_multipart: Starlette imports it where it is installed, and app/requirements.txt does not install it.
    """
    script = """
import random, starlette.applications  # the standard library seeds random itself
import os, sys, time
def refused(*_):
    raise AssertionError("not while importing")
os.urandom = random._urandom = time.time = refused
import app.api
heavy = {"app.memory", "jinja2", "httpx", "itsdangerous", "yaml", "starlette.testclient", "starlette.templating"}
print(sorted(heavy & sys.modules.keys()))
"""
    result = subprocess.run([sys.executable, "-c", script], cwd=Path.cwd(), text=True, capture_output=True, check=False)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


def test_instances_differ_and_each_stays_itself() -> None:
    one, other = MemoryPlatform(), MemoryPlatform()
    assert one.instance == one.instance != other.instance
