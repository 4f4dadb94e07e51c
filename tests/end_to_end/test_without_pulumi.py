"""Both local clouds are clouds by themselves: their vendors' clients create and run code with no Pulumi in sight."""

from __future__ import annotations

import io
import json
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import httpx

from tests.end_to_end.clouds import ACCOUNT, aws, cloudflare_client
from tools.sandbox import Sandbox

HANDLER = b"def handler(event, context):\n    return {'got': event, 'version': context.function_version}\n"
WORKER = b"""from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("hello from python")
"""


def vendored_sdk() -> list[tuple[str, bytes, str]]:
    """Cloudflare's SDK below python_modules/, as its own tool pywrangler uploads it."""
    found = []
    for file in distribution("workers-runtime-sdk").files or ():
        if file.suffix == ".py":
            content = Path(str(file.locate())).read_bytes()
            found.append((f"python_modules/{file.as_posix()}", content, "text/x-python"))
    return found


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def test_boto3_creates_and_invokes_a_function(sandbox: Sandbox) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    role = aws(sandbox, "iam").create_role(RoleName="runner", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    client = aws(sandbox, "lambda")
    client.create_function(
        FunctionName="plain",
        Runtime="python3.13",
        Handler="main.handler",
        Role=role,
        Code={"ZipFile": zipped("main.py", HANDLER)},
    )
    client.get_waiter("function_active_v2").wait(FunctionName="plain")
    answer = client.invoke(FunctionName="plain", Payload=json.dumps({"n": 1}).encode())
    assert json.loads(answer["Payload"].read()) == {"got": {"n": 1}, "version": "$LATEST"}
    client.delete_function(FunctionName="plain")


def test_the_official_cloudflare_client_uploads_lists_reads_and_deletes_a_script(sandbox: Sandbox) -> None:
    scripts = cloudflare_client(sandbox).workers.scripts
    metadata: Any = {
        "main_module": "worker.py",
        "compatibility_date": "2026-05-01",
        "compatibility_flags": ["python_workers"],
    }
    scripts.update(
        "plain",
        account_id=ACCOUNT,
        metadata=metadata,
        files=[("worker.py", WORKER, "text/x-python"), *vendored_sdk()],
    )
    scripts.subdomain.create("plain", account_id=ACCOUNT, enabled=True)
    assert [script.id for script in scripts.list(account_id=ACCOUNT)] == ["plain"]
    assert b"hello from python" in scripts.content.get("plain", account_id=ACCOUNT).read()
    url = f"http://127.0.0.1:{sandbox.cloudflare_port}/_workers/plain"
    assert httpx.get(url).text == "hello from python"
    scripts.delete("plain", account_id=ACCOUNT)
    assert list(scripts.list(account_id=ACCOUNT)) == []
