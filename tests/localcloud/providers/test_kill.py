"""SIGKILL of the CLI at every changing call: the cloud carried it out, the engine never heard of it."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import psutil
import pytest

from tests.localcloud.providers.conftest import Stack

_READS = re.compile(r"GetCallerIdentity|Action=(Get|List)|\.(Describe|List)")
_IDS = re.compile(r"/(apis|functions|integrations|routes|stages|policy|aliases|tags)/[^/?]+")


class Tripwire(ThreadingHTTPServer):
    """Passes requests on; at the first changing call of each kind it lets the cloud act, then kills."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Relay)
        self.target = urlsplit(target).netloc
        self.seen: set[str] = set()
        self.victim: psutil.Process | None = None
        self.lock = threading.Lock()

    def trips(self, kind: str) -> bool:
        with self.lock:
            if _READS.search(kind) or kind.startswith("GET ") or kind in self.seen or self.victim is None:
                return False
            self.seen.add(kind)
            return True

    def kill(self) -> None:
        with self.lock:
            victim, self.victim = self.victim, None
        if victim is not None:
            victim.kill()


class _Relay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Tripwire

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        action = self.headers.get("x-amz-target") or (re.findall(rb"Action=\w+", body[:200]) or [b""])[0].decode()
        path = _IDS.sub(r"/\1/*", self.path)
        kind = f"{self.command} {path} {action}"
        trips = self.server.trips(kind)
        with closing(http.client.HTTPConnection(self.server.target, timeout=30)) as connection:
            connection.request(self.command, self.path, body, dict(self.headers))
            response = connection.getresponse()
            content = response.read()
        if trips:
            self.server.kill()
            self.close_connection = True
            return
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in {"content-length", "connection", "transfer-encoding", "date", "server"}:
                self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _pass  # noqa: N815 (http.server's names)

    def log_message(self, *arguments: Any) -> None:
        """Nothing."""


@pytest.fixture
def tripwire(aws_endpoint: str) -> Iterator[Tripwire]:
    server = Tripwire(aws_endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def _plugins(process: psutil.Process) -> list[psutil.Process]:
    found = []
    for child in process.children(recursive=True):
        try:
            if any("localcloud.providers" in word for word in child.cmdline()):
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


@pytest.mark.timeout(420)
def test_every_call_can_be_the_last(stack: Stack, aws_endpoint: str, tripwire: Tripwire) -> None:
    config = stack.folder / "Pulumi.test.yaml"
    config.write_text(config.read_text().replace(aws_endpoint, f"http://127.0.0.1:{tripwire.server_port}"))
    kills = 0
    while True:
        process = stack.start("up", "--yes", "--skip-preview")
        engine = psutil.Process(process.pid)
        tripwire.victim = engine
        plugins: dict[int, psutil.Process] = {}
        while process.poll() is None:
            try:
                plugins |= {plugin.pid: plugin for plugin in _plugins(engine)}
            except psutil.NoSuchProcess:
                break
            time.sleep(0.05)
        process.wait()
        tripwire.victim = None
        _, alive = psutil.wait_procs(plugins.values(), timeout=5)
        assert not alive, "no plugin outlives its engine"
        assert process.stdout is not None
        shown = process.stdout.read()
        process.stdout.close()
        if process.returncode == 0:
            break
        assert process.returncode < 0, shown
        kills += 1
        assert kills <= 30, sorted(tripwire.seen)
        stack.run("cancel", "--yes")

    assert kills >= 10, sorted(tripwire.seen)
    _one_of_each(stack, aws_endpoint)
    assert "11 unchanged" in stack.preview()


def _one_of_each(stack: Stack, endpoint: str) -> None:
    def client(service: str) -> Any:
        return botocore.session.Session().create_client(
            service, region_name="eu-west-1", endpoint_url=endpoint, aws_access_key_id="a", aws_secret_access_key="b"
        )

    outputs = stack.outputs()
    function, api = outputs["function"], {"ApiId": outputs["api"]}
    assert [role["RoleName"] for role in client("iam").list_roles()["Roles"]] == [outputs["role"]]
    assert len(client("iam").list_role_policies(RoleName=outputs["role"])["PolicyNames"]) == 1
    assert len(client("logs").describe_log_groups()["logGroups"]) == 1
    assert [found["FunctionName"] for found in client("lambda").list_functions()["Functions"]] == [function]
    assert len(client("lambda").list_aliases(FunctionName=function)["Aliases"]) == 1
    # Statements by their id: AWS refuses a second one of the same id, the AWS behind this test keeps both.
    policy = json.loads(client("lambda").get_policy(FunctionName=function)["Policy"])
    assert len({statement["Sid"] for statement in policy["Statement"]}) == 1
    assert [found["ApiId"] for found in client("apigatewayv2").get_apis()["Items"]] == [outputs["api"]]
    for operation in ("get_integrations", "get_routes", "get_stages"):
        assert len(getattr(client("apigatewayv2"), operation)(**api)["Items"]) == 1, operation
