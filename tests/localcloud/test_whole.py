"""The real parts under the real supervisor."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from cloudflare import Cloudflare

from localcloud.child import StartError
from localcloud.cloudflare.node import find_node


@pytest.fixture
def whole(cloud: Any) -> Any:
    wished = os.environ.get("PARALLAX_NODE")
    try:
        asyncio.run(find_node(Path(wished) if wished else None))
    except StartError as error:
        pytest.skip(error.message)
    cloud.program = [sys.executable, "-m", "localcloud"]
    return cloud


def test_both_clouds_serve_and_end(whole: Any) -> None:
    started = whole.start()
    assert started.returncode == 0, started.stderr
    status = whole.status()
    assert status["healthy"] is True, json.dumps(status)
    variables = dict(
        line.removeprefix("export ").split("=", 1)
        for line in whole("env").stdout.splitlines()
        if line.startswith("export ")
    )
    sts = boto3.client(
        "sts",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=variables["AWS_REGION"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    )
    assert sts.get_caller_identity()["Account"].isdigit()
    with Cloudflare(base_url=variables["CLOUDFLARE_BASE_URL"], api_token=variables["CLOUDFLARE_API_TOKEN"]) as client:
        assert [account.id for account in client.accounts.list()] == [variables["CLOUDFLARE_ACCOUNT_ID"]]

    for name in ("aws", "cloudflare"):
        psutil.Process(whole.part(name)["pid"]).kill()
    whole.remember()
    assert whole("stop").returncode == 0
    assert whole.left(within=1) == []
    assert (whole.data / "logs" / "worker-host.log").exists()
