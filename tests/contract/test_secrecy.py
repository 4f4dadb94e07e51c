"""A secret is only where it is needed: in no state, output, file, log, environment, argument or answer."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests import webhook_sender
from tests.contract.exercise import exercise
from tests.deployment import Deployed
from tools.sandbox import outputs

pytestmark = pytest.mark.xdist_group("contract")  # shares the contract suite's deployment

KEY = webhook_sender.ANY_SOURCE
FORMS = {
    "the value": webhook_sender.KEYS.encode(),
    "one key of it": webhook_sender.whsec(KEY).removeprefix("whsec_").encode(),
    "the key's bytes": KEY,
    "its hexadecimal digits": KEY.hex().encode(),
    "the value in base64": base64.b64encode(webhook_sender.KEYS.encode()),
}


def found_in(content: bytes) -> list[str]:
    return [form for form, marker in FORMS.items() if marker in content]


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    for form, marker in FORMS.items():
        assert form in found_in(b"x" + marker + b"y")


def test_a_secret_is_in_no_file_argument_environment_or_output(deployed: Deployed) -> None:
    sandbox = deployed.sandbox
    for url in (deployed.aws_url, deployed.cloudflare_url):
        exercise(url)
    stack = sandbox.stack(sandbox.folder / "project")
    assert not found_in(json.dumps(dict(outputs(stack))).encode())
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True).stdout
    assert not found_in(listing)
    assert not {path: found for path in files(sandbox.folder) if (found := found_in(path.read_bytes()))}
    run = json.loads((sandbox.folder / "localcloud" / "run.json").read_text())
    supervisor = psutil.Process(run["supervisor"]["pid"])
    for process in (supervisor, *supervisor.children(recursive=True)):
        assert not found_in(json.dumps(process.environ()).encode()), process.cmdline()
    assert not found_in(sandbox.localcloud("logs").stdout.encode())
    assert not found_in(sandbox.localcloud("status", check=False).stdout.encode())


@pytest.mark.parametrize("cloud", ["aws", "cloudflare"])
def test_a_secret_is_in_no_answer(deployed: Deployed, cloud: str) -> None:
    with httpx.Client(base_url=getattr(deployed, f"{cloud}_url"), timeout=60) as client:
        wrong = webhook_sender.signed(b"not a key of anybody's here", "msg_1", b"{}")
        for headers in ({}, wrong, {**wrong, "webhook-signature": "v1,"}):
            answer = client.post("/webhooks/github", content=b"{}", headers=headers)
            assert answer.status_code in (400, 401)
            assert not found_in(answer.content)
            assert not found_in(str(answer.headers).encode())


def test_what_the_clouds_say_of_the_deployment_has_no_secret(deployed: Deployed) -> None:
    script = outputs(deployed.sandbox.stack(deployed.sandbox.folder / "project"))["cloudflare_script_name"]
    account = "00000000000000000000000000000001"
    base = f"{deployed.sandbox.cloudflare_endpoint}/accounts/{account}/workers/scripts/{script}"
    with httpx.Client(headers={"authorization": "Bearer local"}, timeout=60) as client:
        for path in ("", "/settings", "/content/v2", "/secrets", "/versions", "/deployments"):
            assert not found_in(client.get(base + path).content), path
