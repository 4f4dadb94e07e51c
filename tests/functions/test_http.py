"""The handler, as Lambda imports and calls it: in a process of its own, with Lambda's variables."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.body import MAX_BODY_BYTES
from tests.functions.events import DOCUMENTED, request_event

ROOT = Path(__file__).parents[2]


def invoke(*events: Any, application: str = "app.api:app", before: str = "", folder: Path = ROOT) -> Any:
    """What the handler returns for each event; the process must write nothing else, at its exit neither."""
    script = f"""
import json, sys
{before}
from functions.http import handler
print(json.dumps([handler(event, None) for event in json.load(sys.stdin)]))
"""
    variables = {
        "PARALLAX_APPLICATION": application,
        "AWS_REGION": "eu-central-1",
        "AWS_LAMBDA_FUNCTION_VERSION": "3",
        "PYTHONPATH": str(ROOT),
    }
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=folder,
        env={**os.environ, **variables},
        input=json.dumps(events),
        text=True,
        capture_output=True,
        check=False,
    )
    assert result.stderr == ""
    return json.loads(result.stdout)


def test_parallax_itself() -> None:
    hello, health, echo, head, missing = invoke(
        request_event("GET", "/api/hello"),
        request_event("GET", "/healthz"),
        request_event("POST", "/echo", body='{"a":"é"}'),
        request_event("HEAD", "/"),
        DOCUMENTED,
    )
    instance = hello["headers"].pop("x-instance")
    assert hello == {
        "statusCode": 200,
        "headers": {"content-length": "39", "content-type": "application/json", "x-instance-requests": "1"},
        "body": '{"region":"eu-central-1","cloud":"aws"}',
        "isBase64Encoded": False,
    }
    assert json.loads(health["body"]) == {
        "cloud": "aws",
        "region": "eu-central-1",
        "version": "3",
        "instance": instance,
        "requests": 2,
    }
    assert (echo["body"], head["body"]) == ('{"ok":true,"echo":{"a":"é"}}', "")
    assert (missing["statusCode"], json.loads(missing["body"])["code"]) == (404, "not_found")


def test_an_application_in_another_framework() -> None:
    folder = ROOT / "tests" / "applications"
    greeting, sent, pixel, nothing = invoke(
        request_event("GET", "/greetings/J%C3%BCrgen", query="shout=true"),
        request_event("POST", "/greetings/you", headers={"content-type": "application/json"}, body='{"a":1}'),
        request_event("GET", "/pixel", cookies=["from=here", "b=c"]),
        request_event("GET", "/nothing"),
        application="falcon_app.main:app",
        folder=folder,
    )
    assert json.loads(greeting["body"]) == {"greeting": "Hello, Jürgen", "shout": True}
    assert sent["statusCode"] == 201
    assert json.loads(sent["body"]) == {"to": "you", "message": {"a": 1}, "started": True}
    assert pixel["isBase64Encoded"]
    assert pixel["body"].startswith("R0lGODlh")
    assert [cookie.split(";")[0] for cookie in pixel["cookies"]] == ["seen=yes", "from=here"]
    assert nothing["statusCode"] == 404


def test_an_application_in_a_package_that_is_also_named_app(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("")
    (tmp_path / "app" / "main.py").write_text(
        "async def api(scope, receive, send):\n"
        "    assert scope['type'] == 'http'\n"
        "    await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n"
        "    await send({'type': 'http.response.body', 'body': scope['aws.event']['routeKey'].encode()})\n"
    )
    (answer,) = invoke(request_event("GET"), application="app.main:api", folder=tmp_path)
    assert (answer["body"], answer["isBase64Encoded"]) == ("JGRlZmF1bHQ=", True)


@pytest.mark.parametrize("module", ["random", "secrets", "uuid"])
def test_nothing_that_differs_between_instances_is_made_on_import(module: str) -> None:
    """With all entropy and the clock refused until the handler is imported, it is imported all the same."""
    before = f"""
import os, time, random, asyncio, {module}, starlette.applications
true = os.urandom, time.time
def refused(*_):
    raise AssertionError("not while importing")
os.urandom = random._urandom = time.time = refused
import functions.http
os.urandom, time.time = true
random._urandom = os.urandom
"""
    (answer,) = invoke(request_event("GET"), before=before)
    assert answer["headers"]["x-instance-requests"] == "1"


@pytest.mark.parametrize("piece", ['"é",', '"😀",', '"\\"",', "1e15,", '"\\u0001",'], ids=ascii)
def test_the_largest_body_stays_below_lambdas_limit_both_ways(piece: str) -> None:
    """6 MB in and out (Lambda quotas), as JSON in which non-ASCII characters are escaped."""
    count = (MAX_BODY_BYTES - 2) // len(piece.encode())
    body = "[" + piece * (count - 1) + piece[:-1] + "]"
    event = request_event("POST", "/echo", headers={"content-type": "application/json"}, body=body)
    (answer,) = invoke(event)
    assert answer["statusCode"] == 200
    assert max(len(json.dumps(event)), len(json.dumps(answer))) < 6 * 1024 * 1024
