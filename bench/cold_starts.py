"""How long a new Lambda environment takes to its first answer, as a caller of Invoke sees it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import boto3

from bench.event import echo_event
from tools.sandbox import Sandbox

_SAMPLES = 5
_NAME = "bench-cold"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def lambda_milliseconds(sandbox: Sandbox, archive: Path, runtime: str) -> tuple[list[float], list[float]]:
    """First answers without SnapStart and with it, in ms. Each is a version that nobody has called before."""
    options: dict[str, Any] = {
        "endpoint_url": sandbox.aws_endpoint,
        "region_name": "us-east-1",
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
    }
    role = boto3.client("iam", **options).create_role(RoleName=_NAME, AssumeRolePolicyDocument=json.dumps(_TRUST))
    functions = boto3.client("lambda", **options)
    functions.create_function(
        FunctionName=_NAME,
        Runtime=runtime,
        Role=role["Role"]["Arn"],
        Handler="functions.http.handler",
        Code={"ZipFile": archive.read_bytes()},
        Environment={"Variables": {"PARALLAX_APPLICATION": "app.api:app"}},
        MemorySize=512,
        Timeout=30,
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=_NAME, WaiterConfig={"Delay": 1})
    try:
        return _first_answers(functions, "None"), _first_answers(functions, "PublishedVersions")
    finally:
        functions.delete_function(FunctionName=_NAME)
        boto3.client("iam", **options).delete_role(RoleName=_NAME)


def _first_answers(functions: Any, snap_start: str) -> list[float]:
    taken = []
    for number in range(_SAMPLES):
        variables = {
            "PARALLAX_APPLICATION": "app.api:app",
            "BENCH": f"{snap_start}-{number}",
        }  # no version like another
        settings = {"SnapStart": {"ApplyOn": snap_start}, "Environment": {"Variables": variables}}
        functions.update_function_configuration(FunctionName=_NAME, **settings)
        functions.get_waiter("function_updated_v2").wait(FunctionName=_NAME, WaiterConfig={"Delay": 1})
        version = functions.publish_version(FunctionName=_NAME)["Version"]
        published = functions.get_waiter("published_version_active")
        published.wait(FunctionName=_NAME, Qualifier=version, WaiterConfig={"Delay": 1})
        started = time.perf_counter()
        answer = functions.invoke(FunctionName=_NAME, Qualifier=version, Payload=echo_event())
        taken.append((time.perf_counter() - started) * 1000)
        body = json.loads(answer["Payload"].read())
        if body.get("statusCode") != 200:
            raise RuntimeError(f"the function answered {body}")
    return taken
